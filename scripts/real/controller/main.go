// A controller as people write them with client-go: an informer, a leader lease, server-side apply and status updates.
// It copies every ConfigMap labelled mirror=source, says on stdout what it sees, and ends after a number of them.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	listers "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/util/retry"
	"k8s.io/client-go/util/workqueue"
)

var mirrors = schema.GroupVersionResource{Group: "real.example.com", Version: "v1", Resource: "mirrors"}

type controller struct {
	namespace string
	client    kubernetes.Interface
	dynamic   dynamic.Interface
	sources   listers.ConfigMapNamespaceLister
	queue     workqueue.TypedRateLimitingInterface[string]
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "path of a kubeconfig")
	namespace := flag.String("namespace", "default", "the namespace to look at")
	identity := flag.String("identity", "mirror", "the name in the lease")
	count := flag.Int("count", 1, "ends after so many ConfigMaps")
	protobuf := flag.Bool("protobuf", false, "speaks protobuf where the server does")
	flag.Parse()
	if err := run(*kubeconfig, *namespace, *identity, *count, *protobuf); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func clients(kubeconfig string, protobuf bool) (kubernetes.Interface, dynamic.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, nil, err
	}
	config.UserAgent = "mirror/1.0"
	untyped, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, nil, err
	}
	typed := rest.CopyConfig(config)
	if protobuf {
		typed.ContentType = "application/vnd.kubernetes.protobuf"
		typed.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	}
	client, err := kubernetes.NewForConfig(typed)
	return client, untyped, err
}

func run(kubeconfig, namespace, identity string, count int, protobuf bool) error {
	client, untyped, err := clients(kubeconfig, protobuf)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lock := &resourcelock.LeaseLock{
		LeaseMeta:  metav1.ObjectMeta{Name: "mirror", Namespace: namespace},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: identity},
	}
	var failed error
	leaderelection.RunOrDie(ctx, leaderelection.LeaderElectionConfig{
		Lock:            lock,
		ReleaseOnCancel: true,
		LeaseDuration:   10 * time.Second,
		RenewDeadline:   8 * time.Second,
		RetryPeriod:     500 * time.Millisecond,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) {
				fmt.Println("leads as", identity)
				failed = lead(ctx, client, untyped, namespace, count)
				cancel()
			},
			OnStoppedLeading: func() { fmt.Println("leads no more") },
			OnNewLeader:      func(leader string) { fmt.Println("the leader is", leader) },
		},
	})
	return failed
}

func lead(ctx context.Context, client kubernetes.Interface, untyped dynamic.Interface, namespace string, count int) error {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = "mirror=source" }))
	informer := factory.Core().V1().ConfigMaps()
	c := &controller{
		namespace: namespace,
		client:    client,
		dynamic:   untyped,
		sources:   informer.Lister().ConfigMaps(namespace),
		queue:     workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[string]()),
	}
	defer c.queue.ShutDown()
	registration, err := informer.Informer().AddEventHandler(cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(object any, initial bool) {
			if !initial {
				c.queue.Add(object.(*corev1.ConfigMap).Name)
			}
		},
		UpdateFunc: func(_, object any) { c.queue.Add(object.(*corev1.ConfigMap).Name) },
		DeleteFunc: func(object any) {
			if source, ok := object.(*corev1.ConfigMap); ok {
				c.queue.Add(source.Name)
			}
		},
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), registration.HasSynced) {
		return fmt.Errorf("the cache did not fill")
	}
	if err := c.queueAll(); err != nil {
		return err
	}
	for range count {
		name, _ := c.queue.Get()
		if err := c.mirror(ctx, name); err != nil {
			return err
		}
		c.queue.Done(name)
	}
	return nil
}

// queueAll takes what was there at first by name: the cache has it in no order.
func (c *controller) queueAll() error {
	sources, err := c.sources.List(labels.Everything())
	if err != nil {
		return err
	}
	sort.Slice(sources, func(i, j int) bool { return sources[i].Name < sources[j].Name })
	for _, source := range sources {
		c.queue.Add(source.Name)
	}
	return nil
}

func (c *controller) mirror(ctx context.Context, name string) error {
	source, err := c.sources.Get(name)
	if apierrors.IsNotFound(err) {
		fmt.Printf("%s: gone\n", name)
		err = c.client.CoreV1().ConfigMaps(c.namespace).Delete(ctx, name+"-copy", metav1.DeleteOptions{})
		if err != nil {
			fmt.Printf("%s: %v\n", name, err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", name, text(source.Data))
	if err := c.apply(ctx, source); err != nil {
		fmt.Printf("%s: %s: %v\n", name, apierrors.ReasonForError(err), err)
	}
	return c.report(ctx, source)
}

func (c *controller) apply(ctx context.Context, source *corev1.ConfigMap) error {
	data := map[string]string{}
	for key, value := range source.Data {
		data[key] = strings.ToUpper(value)
	}
	copied := applycorev1.ConfigMap(source.Name+"-copy", c.namespace).WithLabels(map[string]string{"mirror": "copy"}).WithData(data)
	options := metav1.ApplyOptions{FieldManager: "mirror", Force: source.Annotations["mirror/force"] == "true"}
	applied, err := c.client.CoreV1().ConfigMaps(c.namespace).Apply(ctx, copied, options)
	if err != nil {
		return err
	}
	extracted, err := applycorev1.ExtractConfigMap(applied, "mirror")
	if err != nil {
		return err
	}
	fmt.Printf("%s: applied %s, of which %s is ours\n", source.Name, text(applied.Data), text(extracted.Data))
	return nil
}

func (c *controller) report(ctx context.Context, source *corev1.ConfigMap) error {
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		mirror, err := c.dynamic.Resource(mirrors).Namespace(c.namespace).Get(ctx, "all", metav1.GetOptions{})
		if err != nil {
			return err
		}
		seen, _, _ := unstructured.NestedInt64(mirror.Object, "status", "seen")
		if err := unstructured.SetNestedMap(mirror.Object, map[string]any{"seen": seen + 1, "last": source.Name}, "status"); err != nil {
			return err
		}
		updated, err := c.dynamic.Resource(mirrors).Namespace(c.namespace).UpdateStatus(ctx, mirror, metav1.UpdateOptions{})
		if err != nil {
			return err
		}
		fmt.Printf("%s: status %v, generation %d\n", source.Name, updated.Object["status"], updated.GetGeneration())
		return nil
	})
}

func text(data map[string]string) string {
	pairs := []string{}
	for key, value := range data {
		pairs = append(pairs, key+"="+value)
	}
	sort.Strings(pairs)
	return "{" + strings.Join(pairs, ",") + "}"
}
