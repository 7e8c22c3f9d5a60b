// Package kubernetes_test reads the manifests as the API server would: what a type does not know is an error.
package kubernetes_test

import (
	"bytes"
	"os"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// read decodes every document into the type that it says it is.
func read(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("wenguo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]any{}
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(document, &kind); err != nil {
			t.Fatal(err)
		}
		to := map[metav1.TypeMeta]any{
			{APIVersion: "v1", Kind: "Namespace"}:                       &corev1.Namespace{},
			{APIVersion: "v1", Kind: "ConfigMap"}:                       &corev1.ConfigMap{},
			{APIVersion: "v1", Kind: "Service"}:                         &corev1.Service{},
			{APIVersion: "apps/v1", Kind: "StatefulSet"}:                &appsv1.StatefulSet{},
			{APIVersion: "networking.k8s.io/v1", Kind: "NetworkPolicy"}: &networkingv1.NetworkPolicy{},
		}[kind]
		if to == nil {
			t.Fatalf("a document is a %v, which nobody reads", kind)
		}
		if err := yaml.UnmarshalStrict(document, to); err != nil {
			t.Errorf("%s: %v", kind.Kind, err)
		}
		found[kind.Kind] = to
	}
	return found
}

func TestEveryManifestIsWhatItSays(t *testing.T) {
	found := read(t)
	for _, kind := range []string{"Namespace", "ConfigMap", "StatefulSet", "Service", "NetworkPolicy"} {
		if found[kind] == nil {
			t.Errorf("there is no %s", kind)
		}
	}
}

func TestThePodAsksForNothingItDoesNotNeed(t *testing.T) {
	set, ok := read(t)["StatefulSet"].(*appsv1.StatefulSet)
	if !ok {
		t.Fatal("there is no StatefulSet")
	}
	pod := set.Spec.Template.Spec
	if pod.SecurityContext == nil || pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot || pod.HostNetwork {
		t.Error("the pod may run as root, or on the machine's network")
	}
	volumes := map[string]bool{}
	for _, v := range pod.Volumes {
		volumes[v.Name] = true
	}
	for _, c := range set.Spec.VolumeClaimTemplates {
		volumes[c.Name] = true
	}
	for _, c := range pod.Containers {
		s := c.SecurityContext
		if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || len(s.Capabilities.Drop) != 1 {
			t.Errorf("%s may change more than its volumes", c.Name)
		}
		if c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
			t.Errorf("%s has no bounds", c.Name)
		}
		for _, m := range c.VolumeMounts {
			if !volumes[m.Name] {
				t.Errorf("%s mounts %s, which there is not", c.Name, m.Name)
			}
		}
	}
	if len(pod.Containers) != 3 || set.Spec.Selector.MatchLabels["app"] != set.Spec.Template.Labels["app"] {
		t.Error("the pod is not that of the set")
	}
}
