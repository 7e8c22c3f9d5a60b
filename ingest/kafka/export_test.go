package kafka

// Step is a moment between two effects of the protocol.
type Step = step

// Steps lists all of them.
var Steps = []Step{
	stepTakenOver, stepLookedUp, stepRead, stepLettering, stepLettered, stepCommitting, stepCommitted, stepInserting, stepInserted,
}

// ErrAborted is what a failure point answers with once its member is dead.
var ErrAborted = errAborted

// OnStep makes the consumer ask f at every step; an ErrAborted ends its worker without any further effect.
func (c *Consumer) OnStep(f func(partition int, s Step) error) { c.steps = f }
