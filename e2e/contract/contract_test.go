package contract

import "testing"

func TestTheInterfaceKeepsItsWord(t *testing.T) {
	r := newRig(t)
	d := r.document(t)
	t.Run("every answer is as described", func(t *testing.T) { answersAreAsDescribed(t, r, d) })
	t.Run("wrong requests are refused", func(t *testing.T) { wrongRequestsAreRefused(t, r, d) })
	t.Run("right requests are answered", func(t *testing.T) { rightRequestsAreAnswered(t, r, d) })
	t.Run("the protocol is kept", func(t *testing.T) { protocolIsKept(t, r, d) })
	t.Run("hostile text is harmless", func(t *testing.T) { hostileTextIsHarmless(t, r) })
}
