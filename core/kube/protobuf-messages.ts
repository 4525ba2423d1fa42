// Made by scripts/protobuf-messages.ts from the Kubernetes 1.34 API; not to be edited.
/** A message a line: its name, then `number [?|!] name : [*|@] type`. `?` zero is a value, `!` inlined in JSON, `*` repeated, `@` a map; s text, b bytes, B bool, i integer, d double. */
export const messages = `
meta.v1.Condition 1type:s 2status:s 3observedGeneration:i 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
meta.v1.DeleteOptions 1?gracePeriodSeconds:i 2?preconditions:meta.v1.Preconditions 3?orphanDependents:B 4?propagationPolicy:s 5dryRun:*s 6?ignoreStoreReadErrorWithClusterBreakingPotential:B
meta.v1.Duration 1duration:i
meta.v1.FieldSelectorRequirement 1key:s 2operator:s 3values:*s
meta.v1.FieldsV1 1Raw:b
meta.v1.LabelSelector 1matchLabels:@s 2matchExpressions:*meta.v1.LabelSelectorRequirement
meta.v1.LabelSelectorRequirement 1key:s 2operator:s 3values:*s
meta.v1.ListMeta 1selfLink:s 2resourceVersion:s 3continue:s 4?remainingItemCount:i
meta.v1.ManagedFieldsEntry 1manager:s 2operation:s 3apiVersion:s 4?time:meta.v1.Time 6fieldsType:s 7?fieldsV1:meta.v1.FieldsV1 8subresource:s
meta.v1.MicroTime 1seconds:i 2nanos:i
meta.v1.ObjectMeta 1name:s 2generateName:s 3namespace:s 4selfLink:s 5uid:s 6resourceVersion:s 7generation:i 8creationTimestamp:meta.v1.Time 9?deletionTimestamp:meta.v1.Time 10?deletionGracePeriodSeconds:i 11labels:@s 12annotations:@s 13ownerReferences:*meta.v1.OwnerReference 14finalizers:*s 17managedFields:*meta.v1.ManagedFieldsEntry
meta.v1.OwnerReference 5apiVersion:s 1kind:s 3name:s 4uid:s 6?controller:B 7?blockOwnerDeletion:B
meta.v1.Preconditions 1?uid:s 2?resourceVersion:s
meta.v1.Time 1seconds:i 2nanos:i
core.v1.AWSElasticBlockStoreVolumeSource 1volumeID:s 2fsType:s 3partition:i 4readOnly:B
core.v1.Affinity 1?nodeAffinity:core.v1.NodeAffinity 2?podAffinity:core.v1.PodAffinity 3?podAntiAffinity:core.v1.PodAntiAffinity
core.v1.AppArmorProfile 1type:s 2?localhostProfile:s
core.v1.AttachedVolume 1name:s 2devicePath:s
core.v1.AvoidPods 1preferAvoidPods:*core.v1.PreferAvoidPodsEntry
core.v1.AzureDiskVolumeSource 1diskName:s 2diskURI:s 3?cachingMode:s 4?fsType:s 5?readOnly:B 6?kind:s
core.v1.AzureFilePersistentVolumeSource 1secretName:s 2shareName:s 3readOnly:B 4?secretNamespace:s
core.v1.AzureFileVolumeSource 1secretName:s 2shareName:s 3readOnly:B
core.v1.Binding 1metadata:meta.v1.ObjectMeta 2target:core.v1.ObjectReference
core.v1.CSIPersistentVolumeSource 1driver:s 2volumeHandle:s 3readOnly:B 4fsType:s 5volumeAttributes:@s 6?controllerPublishSecretRef:core.v1.SecretReference 7?nodeStageSecretRef:core.v1.SecretReference 8?nodePublishSecretRef:core.v1.SecretReference 9?controllerExpandSecretRef:core.v1.SecretReference 10?nodeExpandSecretRef:core.v1.SecretReference
core.v1.CSIVolumeSource 1driver:s 2?readOnly:B 3?fsType:s 4volumeAttributes:@s 5?nodePublishSecretRef:core.v1.LocalObjectReference
core.v1.Capabilities 1add:*s 2drop:*s
core.v1.CephFSPersistentVolumeSource 1monitors:*s 2path:s 3user:s 4secretFile:s 5?secretRef:core.v1.SecretReference 6readOnly:B
core.v1.CephFSVolumeSource 1monitors:*s 2path:s 3user:s 4secretFile:s 5?secretRef:core.v1.LocalObjectReference 6readOnly:B
core.v1.CinderPersistentVolumeSource 1volumeID:s 2fsType:s 3readOnly:B 4?secretRef:core.v1.SecretReference
core.v1.CinderVolumeSource 1volumeID:s 2fsType:s 3readOnly:B 4?secretRef:core.v1.LocalObjectReference
core.v1.ClientIPConfig 1?timeoutSeconds:i
core.v1.ClusterTrustBundleProjection 1?name:s 2?signerName:s 3?labelSelector:meta.v1.LabelSelector 5?optional:B 4path:s
core.v1.ComponentCondition 1type:s 2status:s 3message:s 4error:s
core.v1.ComponentStatus 1metadata:meta.v1.ObjectMeta 2conditions:*core.v1.ComponentCondition
core.v1.ComponentStatusList 1metadata:meta.v1.ListMeta 2items:*core.v1.ComponentStatus
core.v1.ConfigMap 1metadata:meta.v1.ObjectMeta 4?immutable:B 2data:@s 3binaryData:@b
core.v1.ConfigMapEnvSource 1!localObjectReference:core.v1.LocalObjectReference 2?optional:B
core.v1.ConfigMapKeySelector 1!localObjectReference:core.v1.LocalObjectReference 2key:s 3?optional:B
core.v1.ConfigMapList 1metadata:meta.v1.ListMeta 2items:*core.v1.ConfigMap
core.v1.ConfigMapNodeConfigSource 1namespace:s 2name:s 3uid:s 4resourceVersion:s 5kubeletConfigKey:s
core.v1.ConfigMapProjection 1!localObjectReference:core.v1.LocalObjectReference 2items:*core.v1.KeyToPath 4?optional:B
core.v1.ConfigMapVolumeSource 1!localObjectReference:core.v1.LocalObjectReference 2items:*core.v1.KeyToPath 3?defaultMode:i 4?optional:B
core.v1.Container 1name:s 2image:s 3command:*s 4args:*s 5workingDir:s 6ports:*core.v1.ContainerPort 19envFrom:*core.v1.EnvFromSource 7env:*core.v1.EnvVar 8resources:core.v1.ResourceRequirements 23resizePolicy:*core.v1.ContainerResizePolicy 24?restartPolicy:s 25restartPolicyRules:*core.v1.ContainerRestartRule 9volumeMounts:*core.v1.VolumeMount 21volumeDevices:*core.v1.VolumeDevice 10?livenessProbe:core.v1.Probe 11?readinessProbe:core.v1.Probe 22?startupProbe:core.v1.Probe 12?lifecycle:core.v1.Lifecycle 13terminationMessagePath:s 20terminationMessagePolicy:s 14imagePullPolicy:s 15?securityContext:core.v1.SecurityContext 16stdin:B 17stdinOnce:B 18tty:B
core.v1.ContainerExtendedResourceRequest 1containerName:s 2resourceName:s 3requestName:s
core.v1.ContainerImage 1names:*s 2sizeBytes:i
core.v1.ContainerPort 1name:s 2hostPort:i 3containerPort:i 4protocol:s 5hostIP:s
core.v1.ContainerResizePolicy 1resourceName:s 2restartPolicy:s
core.v1.ContainerRestartRule 1action:s 2?exitCodes:core.v1.ContainerRestartRuleOnExitCodes
core.v1.ContainerRestartRuleOnExitCodes 1operator:s 2values:*i
core.v1.ContainerState 1?waiting:core.v1.ContainerStateWaiting 2?running:core.v1.ContainerStateRunning 3?terminated:core.v1.ContainerStateTerminated
core.v1.ContainerStateRunning 1startedAt:meta.v1.Time
core.v1.ContainerStateTerminated 1exitCode:i 2signal:i 3reason:s 4message:s 5startedAt:meta.v1.Time 6finishedAt:meta.v1.Time 7containerID:s
core.v1.ContainerStateWaiting 1reason:s 2message:s
core.v1.ContainerStatus 1name:s 2state:core.v1.ContainerState 3lastState:core.v1.ContainerState 4ready:B 5restartCount:i 6image:s 7imageID:s 8containerID:s 9?started:B 10allocatedResources:@api.resource.Quantity 11?resources:core.v1.ResourceRequirements 12volumeMounts:*core.v1.VolumeMountStatus 13?user:core.v1.ContainerUser 14allocatedResourcesStatus:*core.v1.ResourceStatus 15?stopSignal:s
core.v1.ContainerUser 1?linux:core.v1.LinuxContainerUser
core.v1.DaemonEndpoint 1Port:i
core.v1.DownwardAPIProjection 1items:*core.v1.DownwardAPIVolumeFile
core.v1.DownwardAPIVolumeFile 1path:s 2?fieldRef:core.v1.ObjectFieldSelector 3?resourceFieldRef:core.v1.ResourceFieldSelector 4?mode:i
core.v1.DownwardAPIVolumeSource 1items:*core.v1.DownwardAPIVolumeFile 2?defaultMode:i
core.v1.EmptyDirVolumeSource 1medium:s 2?sizeLimit:api.resource.Quantity
core.v1.EndpointAddress 1ip:s 3hostname:s 4?nodeName:s 2?targetRef:core.v1.ObjectReference
core.v1.EndpointPort 1name:s 2port:i 3protocol:s 4?appProtocol:s
core.v1.EndpointSubset 1addresses:*core.v1.EndpointAddress 2notReadyAddresses:*core.v1.EndpointAddress 3ports:*core.v1.EndpointPort
core.v1.Endpoints 1metadata:meta.v1.ObjectMeta 2subsets:*core.v1.EndpointSubset
core.v1.EndpointsList 1metadata:meta.v1.ListMeta 2items:*core.v1.Endpoints
core.v1.EnvFromSource 1prefix:s 2?configMapRef:core.v1.ConfigMapEnvSource 3?secretRef:core.v1.SecretEnvSource
core.v1.EnvVar 1name:s 2value:s 3?valueFrom:core.v1.EnvVarSource
core.v1.EnvVarSource 1?fieldRef:core.v1.ObjectFieldSelector 2?resourceFieldRef:core.v1.ResourceFieldSelector 3?configMapKeyRef:core.v1.ConfigMapKeySelector 4?secretKeyRef:core.v1.SecretKeySelector 5?fileKeyRef:core.v1.FileKeySelector
core.v1.EphemeralContainer 1ephemeralContainerCommon:core.v1.EphemeralContainerCommon 2targetContainerName:s
core.v1.EphemeralContainerCommon 1name:s 2image:s 3command:*s 4args:*s 5workingDir:s 6ports:*core.v1.ContainerPort 19envFrom:*core.v1.EnvFromSource 7env:*core.v1.EnvVar 8resources:core.v1.ResourceRequirements 23resizePolicy:*core.v1.ContainerResizePolicy 24?restartPolicy:s 25restartPolicyRules:*core.v1.ContainerRestartRule 9volumeMounts:*core.v1.VolumeMount 21volumeDevices:*core.v1.VolumeDevice 10?livenessProbe:core.v1.Probe 11?readinessProbe:core.v1.Probe 22?startupProbe:core.v1.Probe 12?lifecycle:core.v1.Lifecycle 13terminationMessagePath:s 20terminationMessagePolicy:s 14imagePullPolicy:s 15?securityContext:core.v1.SecurityContext 16stdin:B 17stdinOnce:B 18tty:B
core.v1.EphemeralVolumeSource 1?volumeClaimTemplate:core.v1.PersistentVolumeClaimTemplate
core.v1.Event 1metadata:meta.v1.ObjectMeta 2involvedObject:core.v1.ObjectReference 3reason:s 4message:s 5source:core.v1.EventSource 6firstTimestamp:meta.v1.Time 7lastTimestamp:meta.v1.Time 8count:i 9type:s 10eventTime:meta.v1.MicroTime 11?series:core.v1.EventSeries 12action:s 13?related:core.v1.ObjectReference 14reportingComponent:s 15reportingInstance:s
core.v1.EventList 1metadata:meta.v1.ListMeta 2items:*core.v1.Event
core.v1.EventSeries 1count:i 2lastObservedTime:meta.v1.MicroTime
core.v1.EventSource 1component:s 2host:s
core.v1.ExecAction 1command:*s
core.v1.FCVolumeSource 1targetWWNs:*s 2?lun:i 3fsType:s 4readOnly:B 5wwids:*s
core.v1.FileKeySelector 1volumeName:s 2path:s 3key:s 4?optional:B
core.v1.FlexPersistentVolumeSource 1driver:s 2fsType:s 3?secretRef:core.v1.SecretReference 4readOnly:B 5options:@s
core.v1.FlexVolumeSource 1driver:s 2fsType:s 3?secretRef:core.v1.LocalObjectReference 4readOnly:B 5options:@s
core.v1.FlockerVolumeSource 1datasetName:s 2datasetUUID:s
core.v1.GCEPersistentDiskVolumeSource 1pdName:s 2fsType:s 3partition:i 4readOnly:B
core.v1.GRPCAction 1port:i 2?service:s
core.v1.GitRepoVolumeSource 1repository:s 2revision:s 3directory:s
core.v1.GlusterfsPersistentVolumeSource 1endpoints:s 2path:s 3readOnly:B 4?endpointsNamespace:s
core.v1.GlusterfsVolumeSource 1endpoints:s 2path:s 3readOnly:B
core.v1.HTTPGetAction 1path:s 2port:util.intstr.IntOrString 3host:s 4scheme:s 5httpHeaders:*core.v1.HTTPHeader
core.v1.HTTPHeader 1name:s 2value:s
core.v1.HostAlias 1ip:s 2hostnames:*s
core.v1.HostIP 1ip:s
core.v1.HostPathVolumeSource 1path:s 2?type:s
core.v1.ISCSIPersistentVolumeSource 1targetPortal:s 2iqn:s 3lun:i 4iscsiInterface:s 5fsType:s 6readOnly:B 7portals:*s 8chapAuthDiscovery:B 11chapAuthSession:B 10?secretRef:core.v1.SecretReference 12?initiatorName:s
core.v1.ISCSIVolumeSource 1targetPortal:s 2iqn:s 3lun:i 4iscsiInterface:s 5fsType:s 6readOnly:B 7portals:*s 8chapAuthDiscovery:B 11chapAuthSession:B 10?secretRef:core.v1.LocalObjectReference 12?initiatorName:s
core.v1.ImageVolumeSource 1reference:s 2pullPolicy:s
core.v1.KeyToPath 1key:s 2path:s 3?mode:i
core.v1.Lifecycle 1?postStart:core.v1.LifecycleHandler 2?preStop:core.v1.LifecycleHandler 3?stopSignal:s
core.v1.LifecycleHandler 1?exec:core.v1.ExecAction 2?httpGet:core.v1.HTTPGetAction 3?tcpSocket:core.v1.TCPSocketAction 4?sleep:core.v1.SleepAction
core.v1.LimitRange 1metadata:meta.v1.ObjectMeta 2spec:core.v1.LimitRangeSpec
core.v1.LimitRangeItem 1type:s 2max:@api.resource.Quantity 3min:@api.resource.Quantity 4default:@api.resource.Quantity 5defaultRequest:@api.resource.Quantity 6maxLimitRequestRatio:@api.resource.Quantity
core.v1.LimitRangeList 1metadata:meta.v1.ListMeta 2items:*core.v1.LimitRange
core.v1.LimitRangeSpec 1limits:*core.v1.LimitRangeItem
core.v1.LinuxContainerUser 1uid:i 2gid:i 3supplementalGroups:*i
core.v1.List 1metadata:meta.v1.ListMeta 2items:*runtime.RawExtension
core.v1.LoadBalancerIngress 1ip:s 2hostname:s 3?ipMode:s 4ports:*core.v1.PortStatus
core.v1.LoadBalancerStatus 1ingress:*core.v1.LoadBalancerIngress
core.v1.LocalObjectReference 1name:s
core.v1.LocalVolumeSource 1path:s 2?fsType:s
core.v1.ModifyVolumeStatus 1targetVolumeAttributesClassName:s 2status:s
core.v1.NFSVolumeSource 1server:s 2path:s 3readOnly:B
core.v1.Namespace 1metadata:meta.v1.ObjectMeta 2spec:core.v1.NamespaceSpec 3status:core.v1.NamespaceStatus
core.v1.NamespaceCondition 1type:s 2status:s 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
core.v1.NamespaceList 1metadata:meta.v1.ListMeta 2items:*core.v1.Namespace
core.v1.NamespaceSpec 1finalizers:*s
core.v1.NamespaceStatus 1phase:s 2conditions:*core.v1.NamespaceCondition
core.v1.Node 1metadata:meta.v1.ObjectMeta 2spec:core.v1.NodeSpec 3status:core.v1.NodeStatus
core.v1.NodeAddress 1type:s 2address:s
core.v1.NodeAffinity 1?requiredDuringSchedulingIgnoredDuringExecution:core.v1.NodeSelector 2preferredDuringSchedulingIgnoredDuringExecution:*core.v1.PreferredSchedulingTerm
core.v1.NodeCondition 1type:s 2status:s 3lastHeartbeatTime:meta.v1.Time 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
core.v1.NodeConfigSource 2?configMap:core.v1.ConfigMapNodeConfigSource
core.v1.NodeConfigStatus 1?assigned:core.v1.NodeConfigSource 2?active:core.v1.NodeConfigSource 3?lastKnownGood:core.v1.NodeConfigSource 4error:s
core.v1.NodeDaemonEndpoints 1kubeletEndpoint:core.v1.DaemonEndpoint
core.v1.NodeFeatures 1?supplementalGroupsPolicy:B
core.v1.NodeList 1metadata:meta.v1.ListMeta 2items:*core.v1.Node
core.v1.NodeProxyOptions 1path:s
core.v1.NodeRuntimeHandler 1name:s 2?features:core.v1.NodeRuntimeHandlerFeatures
core.v1.NodeRuntimeHandlerFeatures 1?recursiveReadOnlyMounts:B 2?userNamespaces:B
core.v1.NodeSelector 1nodeSelectorTerms:*core.v1.NodeSelectorTerm
core.v1.NodeSelectorRequirement 1key:s 2operator:s 3values:*s
core.v1.NodeSelectorTerm 1matchExpressions:*core.v1.NodeSelectorRequirement 2matchFields:*core.v1.NodeSelectorRequirement
core.v1.NodeSpec 1podCIDR:s 7podCIDRs:*s 3providerID:s 4unschedulable:B 5taints:*core.v1.Taint 6?configSource:core.v1.NodeConfigSource 2externalID:s
core.v1.NodeStatus 1capacity:@api.resource.Quantity 2allocatable:@api.resource.Quantity 3phase:s 4conditions:*core.v1.NodeCondition 5addresses:*core.v1.NodeAddress 6daemonEndpoints:core.v1.NodeDaemonEndpoints 7nodeInfo:core.v1.NodeSystemInfo 8images:*core.v1.ContainerImage 9volumesInUse:*s 10volumesAttached:*core.v1.AttachedVolume 11?config:core.v1.NodeConfigStatus 12runtimeHandlers:*core.v1.NodeRuntimeHandler 13?features:core.v1.NodeFeatures
core.v1.NodeSwapStatus 1?capacity:i
core.v1.NodeSystemInfo 1machineID:s 2systemUUID:s 3bootID:s 4kernelVersion:s 5osImage:s 6containerRuntimeVersion:s 7kubeletVersion:s 8kubeProxyVersion:s 9operatingSystem:s 10architecture:s 11?swap:core.v1.NodeSwapStatus
core.v1.ObjectFieldSelector 1apiVersion:s 2fieldPath:s
core.v1.ObjectReference 1kind:s 2namespace:s 3name:s 4uid:s 5apiVersion:s 6resourceVersion:s 7fieldPath:s
core.v1.PersistentVolume 1metadata:meta.v1.ObjectMeta 2spec:core.v1.PersistentVolumeSpec 3status:core.v1.PersistentVolumeStatus
core.v1.PersistentVolumeClaim 1metadata:meta.v1.ObjectMeta 2spec:core.v1.PersistentVolumeClaimSpec 3status:core.v1.PersistentVolumeClaimStatus
core.v1.PersistentVolumeClaimCondition 1type:s 2status:s 3lastProbeTime:meta.v1.Time 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
core.v1.PersistentVolumeClaimList 1metadata:meta.v1.ListMeta 2items:*core.v1.PersistentVolumeClaim
core.v1.PersistentVolumeClaimSpec 1accessModes:*s 4?selector:meta.v1.LabelSelector 2resources:core.v1.VolumeResourceRequirements 3volumeName:s 5?storageClassName:s 6?volumeMode:s 7?dataSource:core.v1.TypedLocalObjectReference 8?dataSourceRef:core.v1.TypedObjectReference 9?volumeAttributesClassName:s
core.v1.PersistentVolumeClaimStatus 1phase:s 2accessModes:*s 3capacity:@api.resource.Quantity 4conditions:*core.v1.PersistentVolumeClaimCondition 5allocatedResources:@api.resource.Quantity 7allocatedResourceStatuses:@s 8?currentVolumeAttributesClassName:s 9?modifyVolumeStatus:core.v1.ModifyVolumeStatus
core.v1.PersistentVolumeClaimTemplate 1metadata:meta.v1.ObjectMeta 2spec:core.v1.PersistentVolumeClaimSpec
core.v1.PersistentVolumeClaimVolumeSource 1claimName:s 2readOnly:B
core.v1.PersistentVolumeList 1metadata:meta.v1.ListMeta 2items:*core.v1.PersistentVolume
core.v1.PersistentVolumeSource 1?gcePersistentDisk:core.v1.GCEPersistentDiskVolumeSource 2?awsElasticBlockStore:core.v1.AWSElasticBlockStoreVolumeSource 3?hostPath:core.v1.HostPathVolumeSource 4?glusterfs:core.v1.GlusterfsPersistentVolumeSource 5?nfs:core.v1.NFSVolumeSource 6?rbd:core.v1.RBDPersistentVolumeSource 7?iscsi:core.v1.ISCSIPersistentVolumeSource 8?cinder:core.v1.CinderPersistentVolumeSource 9?cephfs:core.v1.CephFSPersistentVolumeSource 10?fc:core.v1.FCVolumeSource 11?flocker:core.v1.FlockerVolumeSource 12?flexVolume:core.v1.FlexPersistentVolumeSource 13?azureFile:core.v1.AzureFilePersistentVolumeSource 14?vsphereVolume:core.v1.VsphereVirtualDiskVolumeSource 15?quobyte:core.v1.QuobyteVolumeSource 16?azureDisk:core.v1.AzureDiskVolumeSource 17?photonPersistentDisk:core.v1.PhotonPersistentDiskVolumeSource 18?portworxVolume:core.v1.PortworxVolumeSource 19?scaleIO:core.v1.ScaleIOPersistentVolumeSource 20?local:core.v1.LocalVolumeSource 21?storageos:core.v1.StorageOSPersistentVolumeSource 22?csi:core.v1.CSIPersistentVolumeSource
core.v1.PersistentVolumeSpec 1capacity:@api.resource.Quantity 2!persistentVolumeSource:core.v1.PersistentVolumeSource 3accessModes:*s 4?claimRef:core.v1.ObjectReference 5persistentVolumeReclaimPolicy:s 6storageClassName:s 7mountOptions:*s 8?volumeMode:s 9?nodeAffinity:core.v1.VolumeNodeAffinity 10?volumeAttributesClassName:s
core.v1.PersistentVolumeStatus 1phase:s 2message:s 3reason:s 4?lastPhaseTransitionTime:meta.v1.Time
core.v1.PhotonPersistentDiskVolumeSource 1pdID:s 2fsType:s
core.v1.Pod 1metadata:meta.v1.ObjectMeta 2spec:core.v1.PodSpec 3status:core.v1.PodStatus
core.v1.PodAffinity 1requiredDuringSchedulingIgnoredDuringExecution:*core.v1.PodAffinityTerm 2preferredDuringSchedulingIgnoredDuringExecution:*core.v1.WeightedPodAffinityTerm
core.v1.PodAffinityTerm 1?labelSelector:meta.v1.LabelSelector 2namespaces:*s 3topologyKey:s 4?namespaceSelector:meta.v1.LabelSelector 5matchLabelKeys:*s 6mismatchLabelKeys:*s
core.v1.PodAntiAffinity 1requiredDuringSchedulingIgnoredDuringExecution:*core.v1.PodAffinityTerm 2preferredDuringSchedulingIgnoredDuringExecution:*core.v1.WeightedPodAffinityTerm
core.v1.PodAttachOptions 1stdin:B 2stdout:B 3stderr:B 4tty:B 5container:s
core.v1.PodCertificateProjection 1signerName:s 2keyType:s 3?maxExpirationSeconds:i 4credentialBundlePath:s 5keyPath:s 6certificateChainPath:s
core.v1.PodCondition 1type:s 7observedGeneration:i 2status:s 3lastProbeTime:meta.v1.Time 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
core.v1.PodDNSConfig 1nameservers:*s 2searches:*s 3options:*core.v1.PodDNSConfigOption
core.v1.PodDNSConfigOption 1name:s 2?value:s
core.v1.PodExecOptions 1stdin:B 2stdout:B 3stderr:B 4tty:B 5container:s 6command:*s
core.v1.PodExtendedResourceClaimStatus 1requestMappings:*core.v1.ContainerExtendedResourceRequest 2resourceClaimName:s
core.v1.PodIP 1ip:s
core.v1.PodList 1metadata:meta.v1.ListMeta 2items:*core.v1.Pod
core.v1.PodLogOptions 1container:s 2follow:B 3previous:B 4?sinceSeconds:i 5?sinceTime:meta.v1.Time 6timestamps:B 7?tailLines:i 8?limitBytes:i 9insecureSkipTLSVerifyBackend:B 10?stream:s
core.v1.PodOS 1name:s
core.v1.PodPortForwardOptions 1ports:*i
core.v1.PodProxyOptions 1path:s
core.v1.PodReadinessGate 1conditionType:s
core.v1.PodResourceClaim 1name:s 3?resourceClaimName:s 4?resourceClaimTemplateName:s
core.v1.PodResourceClaimStatus 1name:s 2?resourceClaimName:s
core.v1.PodSchedulingGate 1name:s
core.v1.PodSecurityContext 1?seLinuxOptions:core.v1.SELinuxOptions 8?windowsOptions:core.v1.WindowsSecurityContextOptions 2?runAsUser:i 6?runAsGroup:i 3?runAsNonRoot:B 4supplementalGroups:*i 12?supplementalGroupsPolicy:s 5?fsGroup:i 7sysctls:*core.v1.Sysctl 9?fsGroupChangePolicy:s 10?seccompProfile:core.v1.SeccompProfile 11?appArmorProfile:core.v1.AppArmorProfile 13?seLinuxChangePolicy:s
core.v1.PodSignature 1?podController:meta.v1.OwnerReference
core.v1.PodSpec 1volumes:*core.v1.Volume 20initContainers:*core.v1.Container 2containers:*core.v1.Container 34ephemeralContainers:*core.v1.EphemeralContainer 3restartPolicy:s 4?terminationGracePeriodSeconds:i 5?activeDeadlineSeconds:i 6dnsPolicy:s 7nodeSelector:@s 8serviceAccountName:s 9serviceAccount:s 21?automountServiceAccountToken:B 10nodeName:s 11hostNetwork:B 12hostPID:B 13hostIPC:B 27?shareProcessNamespace:B 14?securityContext:core.v1.PodSecurityContext 15imagePullSecrets:*core.v1.LocalObjectReference 16hostname:s 17subdomain:s 18?affinity:core.v1.Affinity 19schedulerName:s 22tolerations:*core.v1.Toleration 23hostAliases:*core.v1.HostAlias 24priorityClassName:s 25?priority:i 26?dnsConfig:core.v1.PodDNSConfig 28readinessGates:*core.v1.PodReadinessGate 29?runtimeClassName:s 30?enableServiceLinks:B 31?preemptionPolicy:s 32overhead:@api.resource.Quantity 33topologySpreadConstraints:*core.v1.TopologySpreadConstraint 35?setHostnameAsFQDN:B 36?os:core.v1.PodOS 37?hostUsers:B 38schedulingGates:*core.v1.PodSchedulingGate 39resourceClaims:*core.v1.PodResourceClaim 40?resources:core.v1.ResourceRequirements 41?hostnameOverride:s
core.v1.PodStatus 17observedGeneration:i 1phase:s 2conditions:*core.v1.PodCondition 3message:s 4reason:s 11nominatedNodeName:s 5hostIP:s 16hostIPs:*core.v1.HostIP 6podIP:s 12podIPs:*core.v1.PodIP 7?startTime:meta.v1.Time 10initContainerStatuses:*core.v1.ContainerStatus 8containerStatuses:*core.v1.ContainerStatus 9qosClass:s 13ephemeralContainerStatuses:*core.v1.ContainerStatus 14resize:s 15resourceClaimStatuses:*core.v1.PodResourceClaimStatus 18?extendedResourceClaimStatus:core.v1.PodExtendedResourceClaimStatus
core.v1.PodStatusResult 1metadata:meta.v1.ObjectMeta 2status:core.v1.PodStatus
core.v1.PodTemplate 1metadata:meta.v1.ObjectMeta 2template:core.v1.PodTemplateSpec
core.v1.PodTemplateList 1metadata:meta.v1.ListMeta 2items:*core.v1.PodTemplate
core.v1.PodTemplateSpec 1metadata:meta.v1.ObjectMeta 2spec:core.v1.PodSpec
core.v1.PortStatus 1port:i 2protocol:s 3?error:s
core.v1.PortworxVolumeSource 1volumeID:s 2fsType:s 3readOnly:B
core.v1.Preconditions 1?uid:s
core.v1.PreferAvoidPodsEntry 1podSignature:core.v1.PodSignature 2evictionTime:meta.v1.Time 3reason:s 4message:s
core.v1.PreferredSchedulingTerm 1weight:i 2preference:core.v1.NodeSelectorTerm
core.v1.Probe 1!handler:core.v1.ProbeHandler 2initialDelaySeconds:i 3timeoutSeconds:i 4periodSeconds:i 5successThreshold:i 6failureThreshold:i 7?terminationGracePeriodSeconds:i
core.v1.ProbeHandler 1?exec:core.v1.ExecAction 2?httpGet:core.v1.HTTPGetAction 3?tcpSocket:core.v1.TCPSocketAction 4?grpc:core.v1.GRPCAction
core.v1.ProjectedVolumeSource 1sources:*core.v1.VolumeProjection 2?defaultMode:i
core.v1.QuobyteVolumeSource 1registry:s 2volume:s 3readOnly:B 4user:s 5group:s 6tenant:s
core.v1.RBDPersistentVolumeSource 1monitors:*s 2image:s 3fsType:s 4pool:s 5user:s 6keyring:s 7?secretRef:core.v1.SecretReference 8readOnly:B
core.v1.RBDVolumeSource 1monitors:*s 2image:s 3fsType:s 4pool:s 5user:s 6keyring:s 7?secretRef:core.v1.LocalObjectReference 8readOnly:B
core.v1.RangeAllocation 1metadata:meta.v1.ObjectMeta 2range:s 3data:b
core.v1.ReplicationController 1metadata:meta.v1.ObjectMeta 2spec:core.v1.ReplicationControllerSpec 3status:core.v1.ReplicationControllerStatus
core.v1.ReplicationControllerCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
core.v1.ReplicationControllerList 1metadata:meta.v1.ListMeta 2items:*core.v1.ReplicationController
core.v1.ReplicationControllerSpec 1?replicas:i 4minReadySeconds:i 2selector:@s 3?template:core.v1.PodTemplateSpec
core.v1.ReplicationControllerStatus 1replicas:i 2fullyLabeledReplicas:i 4readyReplicas:i 5availableReplicas:i 3observedGeneration:i 6conditions:*core.v1.ReplicationControllerCondition
core.v1.ResourceClaim 1name:s 2request:s
core.v1.ResourceFieldSelector 1containerName:s 2resource:s 3divisor:api.resource.Quantity
core.v1.ResourceHealth 1resourceID:s 2health:s
core.v1.ResourceQuota 1metadata:meta.v1.ObjectMeta 2spec:core.v1.ResourceQuotaSpec 3status:core.v1.ResourceQuotaStatus
core.v1.ResourceQuotaList 1metadata:meta.v1.ListMeta 2items:*core.v1.ResourceQuota
core.v1.ResourceQuotaSpec 1hard:@api.resource.Quantity 2scopes:*s 3?scopeSelector:core.v1.ScopeSelector
core.v1.ResourceQuotaStatus 1hard:@api.resource.Quantity 2used:@api.resource.Quantity
core.v1.ResourceRequirements 1limits:@api.resource.Quantity 2requests:@api.resource.Quantity 3claims:*core.v1.ResourceClaim
core.v1.ResourceStatus 1name:s 2resources:*core.v1.ResourceHealth
core.v1.SELinuxOptions 1user:s 2role:s 3type:s 4level:s
core.v1.ScaleIOPersistentVolumeSource 1gateway:s 2system:s 3?secretRef:core.v1.SecretReference 4sslEnabled:B 5protectionDomain:s 6storagePool:s 7storageMode:s 8volumeName:s 9fsType:s 10readOnly:B
core.v1.ScaleIOVolumeSource 1gateway:s 2system:s 3?secretRef:core.v1.LocalObjectReference 4sslEnabled:B 5protectionDomain:s 6storagePool:s 7storageMode:s 8volumeName:s 9fsType:s 10readOnly:B
core.v1.ScopeSelector 1matchExpressions:*core.v1.ScopedResourceSelectorRequirement
core.v1.ScopedResourceSelectorRequirement 1scopeName:s 2operator:s 3values:*s
core.v1.SeccompProfile 1type:s 2?localhostProfile:s
core.v1.Secret 1metadata:meta.v1.ObjectMeta 5?immutable:B 2data:@b 4stringData:@s 3type:s
core.v1.SecretEnvSource 1!localObjectReference:core.v1.LocalObjectReference 2?optional:B
core.v1.SecretKeySelector 1!localObjectReference:core.v1.LocalObjectReference 2key:s 3?optional:B
core.v1.SecretList 1metadata:meta.v1.ListMeta 2items:*core.v1.Secret
core.v1.SecretProjection 1!localObjectReference:core.v1.LocalObjectReference 2items:*core.v1.KeyToPath 4?optional:B
core.v1.SecretReference 1name:s 2namespace:s
core.v1.SecretVolumeSource 1secretName:s 2items:*core.v1.KeyToPath 3?defaultMode:i 4?optional:B
core.v1.SecurityContext 1?capabilities:core.v1.Capabilities 2?privileged:B 3?seLinuxOptions:core.v1.SELinuxOptions 10?windowsOptions:core.v1.WindowsSecurityContextOptions 4?runAsUser:i 8?runAsGroup:i 5?runAsNonRoot:B 6?readOnlyRootFilesystem:B 7?allowPrivilegeEscalation:B 9?procMount:s 11?seccompProfile:core.v1.SeccompProfile 12?appArmorProfile:core.v1.AppArmorProfile
core.v1.SerializedReference 1reference:core.v1.ObjectReference
core.v1.Service 1metadata:meta.v1.ObjectMeta 2spec:core.v1.ServiceSpec 3status:core.v1.ServiceStatus
core.v1.ServiceAccount 1metadata:meta.v1.ObjectMeta 2secrets:*core.v1.ObjectReference 3imagePullSecrets:*core.v1.LocalObjectReference 4?automountServiceAccountToken:B
core.v1.ServiceAccountList 1metadata:meta.v1.ListMeta 2items:*core.v1.ServiceAccount
core.v1.ServiceAccountTokenProjection 1audience:s 2?expirationSeconds:i 3path:s
core.v1.ServiceList 1metadata:meta.v1.ListMeta 2items:*core.v1.Service
core.v1.ServicePort 1name:s 2protocol:s 6?appProtocol:s 3port:i 4targetPort:util.intstr.IntOrString 5nodePort:i
core.v1.ServiceProxyOptions 1path:s
core.v1.ServiceSpec 1ports:*core.v1.ServicePort 2selector:@s 3clusterIP:s 18clusterIPs:*s 4type:s 5externalIPs:*s 7sessionAffinity:s 8loadBalancerIP:s 9loadBalancerSourceRanges:*s 10externalName:s 11externalTrafficPolicy:s 12healthCheckNodePort:i 13publishNotReadyAddresses:B 14?sessionAffinityConfig:core.v1.SessionAffinityConfig 19ipFamilies:*s 17?ipFamilyPolicy:s 20?allocateLoadBalancerNodePorts:B 21?loadBalancerClass:s 22?internalTrafficPolicy:s 23?trafficDistribution:s
core.v1.ServiceStatus 1loadBalancer:core.v1.LoadBalancerStatus 2conditions:*meta.v1.Condition
core.v1.SessionAffinityConfig 1?clientIP:core.v1.ClientIPConfig
core.v1.SleepAction 1seconds:i
core.v1.StorageOSPersistentVolumeSource 1volumeName:s 2volumeNamespace:s 3fsType:s 4readOnly:B 5?secretRef:core.v1.ObjectReference
core.v1.StorageOSVolumeSource 1volumeName:s 2volumeNamespace:s 3fsType:s 4readOnly:B 5?secretRef:core.v1.LocalObjectReference
core.v1.Sysctl 1name:s 2value:s
core.v1.TCPSocketAction 1port:util.intstr.IntOrString 2host:s
core.v1.Taint 1key:s 2value:s 3effect:s 4?timeAdded:meta.v1.Time
core.v1.Toleration 1key:s 2operator:s 3value:s 4effect:s 5?tolerationSeconds:i
core.v1.TopologySelectorLabelRequirement 1key:s 2values:*s
core.v1.TopologySelectorTerm 1matchLabelExpressions:*core.v1.TopologySelectorLabelRequirement
core.v1.TopologySpreadConstraint 1maxSkew:i 2topologyKey:s 3whenUnsatisfiable:s 4?labelSelector:meta.v1.LabelSelector 5?minDomains:i 6?nodeAffinityPolicy:s 7?nodeTaintsPolicy:s 8matchLabelKeys:*s
core.v1.TypedLocalObjectReference 1?apiGroup:s 2kind:s 3name:s
core.v1.TypedObjectReference 1?apiGroup:s 2kind:s 3name:s 4?namespace:s
core.v1.Volume 1name:s 2!volumeSource:core.v1.VolumeSource
core.v1.VolumeDevice 1name:s 2devicePath:s
core.v1.VolumeMount 1name:s 2readOnly:B 7?recursiveReadOnly:s 3mountPath:s 4subPath:s 5?mountPropagation:s 6subPathExpr:s
core.v1.VolumeMountStatus 1name:s 2mountPath:s 3readOnly:B 4?recursiveReadOnly:s
core.v1.VolumeNodeAffinity 1?required:core.v1.NodeSelector
core.v1.VolumeProjection 1?secret:core.v1.SecretProjection 2?downwardAPI:core.v1.DownwardAPIProjection 3?configMap:core.v1.ConfigMapProjection 4?serviceAccountToken:core.v1.ServiceAccountTokenProjection 5?clusterTrustBundle:core.v1.ClusterTrustBundleProjection 6?podCertificate:core.v1.PodCertificateProjection
core.v1.VolumeResourceRequirements 1limits:@api.resource.Quantity 2requests:@api.resource.Quantity
core.v1.VolumeSource 1?hostPath:core.v1.HostPathVolumeSource 2?emptyDir:core.v1.EmptyDirVolumeSource 3?gcePersistentDisk:core.v1.GCEPersistentDiskVolumeSource 4?awsElasticBlockStore:core.v1.AWSElasticBlockStoreVolumeSource 5?gitRepo:core.v1.GitRepoVolumeSource 6?secret:core.v1.SecretVolumeSource 7?nfs:core.v1.NFSVolumeSource 8?iscsi:core.v1.ISCSIVolumeSource 9?glusterfs:core.v1.GlusterfsVolumeSource 10?persistentVolumeClaim:core.v1.PersistentVolumeClaimVolumeSource 11?rbd:core.v1.RBDVolumeSource 12?flexVolume:core.v1.FlexVolumeSource 13?cinder:core.v1.CinderVolumeSource 14?cephfs:core.v1.CephFSVolumeSource 15?flocker:core.v1.FlockerVolumeSource 16?downwardAPI:core.v1.DownwardAPIVolumeSource 17?fc:core.v1.FCVolumeSource 18?azureFile:core.v1.AzureFileVolumeSource 19?configMap:core.v1.ConfigMapVolumeSource 20?vsphereVolume:core.v1.VsphereVirtualDiskVolumeSource 21?quobyte:core.v1.QuobyteVolumeSource 22?azureDisk:core.v1.AzureDiskVolumeSource 23?photonPersistentDisk:core.v1.PhotonPersistentDiskVolumeSource 26?projected:core.v1.ProjectedVolumeSource 24?portworxVolume:core.v1.PortworxVolumeSource 25?scaleIO:core.v1.ScaleIOVolumeSource 27?storageos:core.v1.StorageOSVolumeSource 28?csi:core.v1.CSIVolumeSource 29?ephemeral:core.v1.EphemeralVolumeSource 30?image:core.v1.ImageVolumeSource
core.v1.VsphereVirtualDiskVolumeSource 1volumePath:s 2fsType:s 3storagePolicyName:s 4storagePolicyID:s
core.v1.WeightedPodAffinityTerm 1weight:i 2podAffinityTerm:core.v1.PodAffinityTerm
core.v1.WindowsSecurityContextOptions 1?gmsaCredentialSpecName:s 2?gmsaCredentialSpec:s 3?runAsUserName:s 4?hostProcess:B
apps.v1.ControllerRevision 1metadata:meta.v1.ObjectMeta 2data:runtime.RawExtension 3revision:i
apps.v1.ControllerRevisionList 1metadata:meta.v1.ListMeta 2items:*apps.v1.ControllerRevision
apps.v1.DaemonSet 1metadata:meta.v1.ObjectMeta 2spec:apps.v1.DaemonSetSpec 3status:apps.v1.DaemonSetStatus
apps.v1.DaemonSetCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
apps.v1.DaemonSetList 1metadata:meta.v1.ListMeta 2items:*apps.v1.DaemonSet
apps.v1.DaemonSetSpec 1?selector:meta.v1.LabelSelector 2template:core.v1.PodTemplateSpec 3updateStrategy:apps.v1.DaemonSetUpdateStrategy 4minReadySeconds:i 6?revisionHistoryLimit:i
apps.v1.DaemonSetStatus 1currentNumberScheduled:i 2numberMisscheduled:i 3desiredNumberScheduled:i 4numberReady:i 5observedGeneration:i 6updatedNumberScheduled:i 7numberAvailable:i 8numberUnavailable:i 9?collisionCount:i 10conditions:*apps.v1.DaemonSetCondition
apps.v1.DaemonSetUpdateStrategy 1type:s 2?rollingUpdate:apps.v1.RollingUpdateDaemonSet
apps.v1.Deployment 1metadata:meta.v1.ObjectMeta 2spec:apps.v1.DeploymentSpec 3status:apps.v1.DeploymentStatus
apps.v1.DeploymentCondition 1type:s 2status:s 6lastUpdateTime:meta.v1.Time 7lastTransitionTime:meta.v1.Time 4reason:s 5message:s
apps.v1.DeploymentList 1metadata:meta.v1.ListMeta 2items:*apps.v1.Deployment
apps.v1.DeploymentSpec 1?replicas:i 2?selector:meta.v1.LabelSelector 3template:core.v1.PodTemplateSpec 4strategy:apps.v1.DeploymentStrategy 5minReadySeconds:i 6?revisionHistoryLimit:i 7paused:B 9?progressDeadlineSeconds:i
apps.v1.DeploymentStatus 1observedGeneration:i 2replicas:i 3updatedReplicas:i 7readyReplicas:i 4availableReplicas:i 5unavailableReplicas:i 9?terminatingReplicas:i 6conditions:*apps.v1.DeploymentCondition 8?collisionCount:i
apps.v1.DeploymentStrategy 1type:s 2?rollingUpdate:apps.v1.RollingUpdateDeployment
apps.v1.ReplicaSet 1metadata:meta.v1.ObjectMeta 2spec:apps.v1.ReplicaSetSpec 3status:apps.v1.ReplicaSetStatus
apps.v1.ReplicaSetCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
apps.v1.ReplicaSetList 1metadata:meta.v1.ListMeta 2items:*apps.v1.ReplicaSet
apps.v1.ReplicaSetSpec 1?replicas:i 4minReadySeconds:i 2?selector:meta.v1.LabelSelector 3template:core.v1.PodTemplateSpec
apps.v1.ReplicaSetStatus 1replicas:i 2fullyLabeledReplicas:i 4readyReplicas:i 5availableReplicas:i 7?terminatingReplicas:i 3observedGeneration:i 6conditions:*apps.v1.ReplicaSetCondition
apps.v1.RollingUpdateDaemonSet 1?maxUnavailable:util.intstr.IntOrString 2?maxSurge:util.intstr.IntOrString
apps.v1.RollingUpdateDeployment 1?maxUnavailable:util.intstr.IntOrString 2?maxSurge:util.intstr.IntOrString
apps.v1.RollingUpdateStatefulSetStrategy 1?partition:i 2?maxUnavailable:util.intstr.IntOrString
apps.v1.StatefulSet 1metadata:meta.v1.ObjectMeta 2spec:apps.v1.StatefulSetSpec 3status:apps.v1.StatefulSetStatus
apps.v1.StatefulSetCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
apps.v1.StatefulSetList 1metadata:meta.v1.ListMeta 2items:*apps.v1.StatefulSet
apps.v1.StatefulSetOrdinals 1start:i
apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy 1whenDeleted:s 2whenScaled:s
apps.v1.StatefulSetSpec 1?replicas:i 2?selector:meta.v1.LabelSelector 3template:core.v1.PodTemplateSpec 4volumeClaimTemplates:*core.v1.PersistentVolumeClaim 5serviceName:s 6podManagementPolicy:s 7updateStrategy:apps.v1.StatefulSetUpdateStrategy 8?revisionHistoryLimit:i 9minReadySeconds:i 10?persistentVolumeClaimRetentionPolicy:apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy 11?ordinals:apps.v1.StatefulSetOrdinals
apps.v1.StatefulSetStatus 1observedGeneration:i 2replicas:i 3readyReplicas:i 4currentReplicas:i 5updatedReplicas:i 6currentRevision:s 7updateRevision:s 9?collisionCount:i 10conditions:*apps.v1.StatefulSetCondition 11availableReplicas:i
apps.v1.StatefulSetUpdateStrategy 1type:s 2?rollingUpdate:apps.v1.RollingUpdateStatefulSetStrategy
batch.v1.CronJob 1metadata:meta.v1.ObjectMeta 2spec:batch.v1.CronJobSpec 3status:batch.v1.CronJobStatus
batch.v1.CronJobList 1metadata:meta.v1.ListMeta 2items:*batch.v1.CronJob
batch.v1.CronJobSpec 1schedule:s 8?timeZone:s 2?startingDeadlineSeconds:i 3concurrencyPolicy:s 4?suspend:B 5jobTemplate:batch.v1.JobTemplateSpec 6?successfulJobsHistoryLimit:i 7?failedJobsHistoryLimit:i
batch.v1.CronJobStatus 1active:*core.v1.ObjectReference 4?lastScheduleTime:meta.v1.Time 5?lastSuccessfulTime:meta.v1.Time
batch.v1.Job 1metadata:meta.v1.ObjectMeta 2spec:batch.v1.JobSpec 3status:batch.v1.JobStatus
batch.v1.JobCondition 1type:s 2status:s 3lastProbeTime:meta.v1.Time 4lastTransitionTime:meta.v1.Time 5reason:s 6message:s
batch.v1.JobList 1metadata:meta.v1.ListMeta 2items:*batch.v1.Job
batch.v1.JobSpec 1?parallelism:i 2?completions:i 3?activeDeadlineSeconds:i 11?podFailurePolicy:batch.v1.PodFailurePolicy 16?successPolicy:batch.v1.SuccessPolicy 7?backoffLimit:i 12?backoffLimitPerIndex:i 13?maxFailedIndexes:i 4?selector:meta.v1.LabelSelector 5?manualSelector:B 6template:core.v1.PodTemplateSpec 8?ttlSecondsAfterFinished:i 9?completionMode:s 10?suspend:B 14?podReplacementPolicy:s 15?managedBy:s
batch.v1.JobStatus 1conditions:*batch.v1.JobCondition 2?startTime:meta.v1.Time 3?completionTime:meta.v1.Time 4active:i 5succeeded:i 6failed:i 11?terminating:i 7completedIndexes:s 10?failedIndexes:s 8?uncountedTerminatedPods:batch.v1.UncountedTerminatedPods 9?ready:i
batch.v1.JobTemplateSpec 1metadata:meta.v1.ObjectMeta 2spec:batch.v1.JobSpec
batch.v1.PodFailurePolicy 1rules:*batch.v1.PodFailurePolicyRule
batch.v1.PodFailurePolicyOnExitCodesRequirement 1?containerName:s 2operator:s 3values:*i
batch.v1.PodFailurePolicyOnPodConditionsPattern 1type:s 2status:s
batch.v1.PodFailurePolicyRule 1action:s 2?onExitCodes:batch.v1.PodFailurePolicyOnExitCodesRequirement 3onPodConditions:*batch.v1.PodFailurePolicyOnPodConditionsPattern
batch.v1.SuccessPolicy 1rules:*batch.v1.SuccessPolicyRule
batch.v1.SuccessPolicyRule 1?succeededIndexes:s 2?succeededCount:i
batch.v1.UncountedTerminatedPods 1succeeded:*s 2failed:*s
autoscaling.v1.ContainerResourceMetricSource 1name:s 2?targetAverageUtilization:i 3?targetAverageValue:api.resource.Quantity 5container:s
autoscaling.v1.ContainerResourceMetricStatus 1name:s 2?currentAverageUtilization:i 3currentAverageValue:api.resource.Quantity 4container:s
autoscaling.v1.CrossVersionObjectReference 1kind:s 2name:s 3apiVersion:s
autoscaling.v1.ExternalMetricSource 1metricName:s 2?metricSelector:meta.v1.LabelSelector 3?targetValue:api.resource.Quantity 4?targetAverageValue:api.resource.Quantity
autoscaling.v1.ExternalMetricStatus 1metricName:s 2?metricSelector:meta.v1.LabelSelector 3currentValue:api.resource.Quantity 4?currentAverageValue:api.resource.Quantity
autoscaling.v1.HorizontalPodAutoscaler 1metadata:meta.v1.ObjectMeta 2spec:autoscaling.v1.HorizontalPodAutoscalerSpec 3status:autoscaling.v1.HorizontalPodAutoscalerStatus
autoscaling.v1.HorizontalPodAutoscalerCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
autoscaling.v1.HorizontalPodAutoscalerList 1metadata:meta.v1.ListMeta 2items:*autoscaling.v1.HorizontalPodAutoscaler
autoscaling.v1.HorizontalPodAutoscalerSpec 1scaleTargetRef:autoscaling.v1.CrossVersionObjectReference 2?minReplicas:i 3maxReplicas:i 4?targetCPUUtilizationPercentage:i
autoscaling.v1.HorizontalPodAutoscalerStatus 1?observedGeneration:i 2?lastScaleTime:meta.v1.Time 3currentReplicas:i 4desiredReplicas:i 5?currentCPUUtilizationPercentage:i
autoscaling.v1.MetricSpec 1type:s 2?object:autoscaling.v1.ObjectMetricSource 3?pods:autoscaling.v1.PodsMetricSource 4?resource:autoscaling.v1.ResourceMetricSource 7?containerResource:autoscaling.v1.ContainerResourceMetricSource 5?external:autoscaling.v1.ExternalMetricSource
autoscaling.v1.MetricStatus 1type:s 2?object:autoscaling.v1.ObjectMetricStatus 3?pods:autoscaling.v1.PodsMetricStatus 4?resource:autoscaling.v1.ResourceMetricStatus 7?containerResource:autoscaling.v1.ContainerResourceMetricStatus 5?external:autoscaling.v1.ExternalMetricStatus
autoscaling.v1.ObjectMetricSource 1target:autoscaling.v1.CrossVersionObjectReference 2metricName:s 3targetValue:api.resource.Quantity 4?selector:meta.v1.LabelSelector 5?averageValue:api.resource.Quantity
autoscaling.v1.ObjectMetricStatus 1target:autoscaling.v1.CrossVersionObjectReference 2metricName:s 3currentValue:api.resource.Quantity 4?selector:meta.v1.LabelSelector 5?averageValue:api.resource.Quantity
autoscaling.v1.PodsMetricSource 1metricName:s 2targetAverageValue:api.resource.Quantity 3?selector:meta.v1.LabelSelector
autoscaling.v1.PodsMetricStatus 1metricName:s 2currentAverageValue:api.resource.Quantity 3?selector:meta.v1.LabelSelector
autoscaling.v1.ResourceMetricSource 1name:s 2?targetAverageUtilization:i 3?targetAverageValue:api.resource.Quantity
autoscaling.v1.ResourceMetricStatus 1name:s 2?currentAverageUtilization:i 3currentAverageValue:api.resource.Quantity
autoscaling.v1.Scale 1metadata:meta.v1.ObjectMeta 2spec:autoscaling.v1.ScaleSpec 3status:autoscaling.v1.ScaleStatus
autoscaling.v1.ScaleSpec 1replicas:i
autoscaling.v1.ScaleStatus 1replicas:i 2selector:s
autoscaling.v2.ContainerResourceMetricSource 1name:s 2target:autoscaling.v2.MetricTarget 3container:s
autoscaling.v2.ContainerResourceMetricStatus 1name:s 2current:autoscaling.v2.MetricValueStatus 3container:s
autoscaling.v2.CrossVersionObjectReference 1kind:s 2name:s 3apiVersion:s
autoscaling.v2.ExternalMetricSource 1metric:autoscaling.v2.MetricIdentifier 2target:autoscaling.v2.MetricTarget
autoscaling.v2.ExternalMetricStatus 1metric:autoscaling.v2.MetricIdentifier 2current:autoscaling.v2.MetricValueStatus
autoscaling.v2.HPAScalingPolicy 1type:s 2value:i 3periodSeconds:i
autoscaling.v2.HPAScalingRules 3?stabilizationWindowSeconds:i 1?selectPolicy:s 2policies:*autoscaling.v2.HPAScalingPolicy 4?tolerance:api.resource.Quantity
autoscaling.v2.HorizontalPodAutoscaler 1metadata:meta.v1.ObjectMeta 2spec:autoscaling.v2.HorizontalPodAutoscalerSpec 3status:autoscaling.v2.HorizontalPodAutoscalerStatus
autoscaling.v2.HorizontalPodAutoscalerBehavior 1?scaleUp:autoscaling.v2.HPAScalingRules 2?scaleDown:autoscaling.v2.HPAScalingRules
autoscaling.v2.HorizontalPodAutoscalerCondition 1type:s 2status:s 3lastTransitionTime:meta.v1.Time 4reason:s 5message:s
autoscaling.v2.HorizontalPodAutoscalerList 1metadata:meta.v1.ListMeta 2items:*autoscaling.v2.HorizontalPodAutoscaler
autoscaling.v2.HorizontalPodAutoscalerSpec 1scaleTargetRef:autoscaling.v2.CrossVersionObjectReference 2?minReplicas:i 3maxReplicas:i 4metrics:*autoscaling.v2.MetricSpec 5?behavior:autoscaling.v2.HorizontalPodAutoscalerBehavior
autoscaling.v2.HorizontalPodAutoscalerStatus 1?observedGeneration:i 2?lastScaleTime:meta.v1.Time 3currentReplicas:i 4desiredReplicas:i 5currentMetrics:*autoscaling.v2.MetricStatus 6conditions:*autoscaling.v2.HorizontalPodAutoscalerCondition
autoscaling.v2.MetricIdentifier 1name:s 2?selector:meta.v1.LabelSelector
autoscaling.v2.MetricSpec 1type:s 2?object:autoscaling.v2.ObjectMetricSource 3?pods:autoscaling.v2.PodsMetricSource 4?resource:autoscaling.v2.ResourceMetricSource 7?containerResource:autoscaling.v2.ContainerResourceMetricSource 5?external:autoscaling.v2.ExternalMetricSource
autoscaling.v2.MetricStatus 1type:s 2?object:autoscaling.v2.ObjectMetricStatus 3?pods:autoscaling.v2.PodsMetricStatus 4?resource:autoscaling.v2.ResourceMetricStatus 7?containerResource:autoscaling.v2.ContainerResourceMetricStatus 5?external:autoscaling.v2.ExternalMetricStatus
autoscaling.v2.MetricTarget 1type:s 2?value:api.resource.Quantity 3?averageValue:api.resource.Quantity 4?averageUtilization:i
autoscaling.v2.MetricValueStatus 1?value:api.resource.Quantity 2?averageValue:api.resource.Quantity 3?averageUtilization:i
autoscaling.v2.ObjectMetricSource 1describedObject:autoscaling.v2.CrossVersionObjectReference 2target:autoscaling.v2.MetricTarget 3metric:autoscaling.v2.MetricIdentifier
autoscaling.v2.ObjectMetricStatus 1metric:autoscaling.v2.MetricIdentifier 2current:autoscaling.v2.MetricValueStatus 3describedObject:autoscaling.v2.CrossVersionObjectReference
autoscaling.v2.PodsMetricSource 1metric:autoscaling.v2.MetricIdentifier 2target:autoscaling.v2.MetricTarget
autoscaling.v2.PodsMetricStatus 1metric:autoscaling.v2.MetricIdentifier 2current:autoscaling.v2.MetricValueStatus
autoscaling.v2.ResourceMetricSource 1name:s 2target:autoscaling.v2.MetricTarget
autoscaling.v2.ResourceMetricStatus 1name:s 2current:autoscaling.v2.MetricValueStatus
rbac.v1.AggregationRule 1clusterRoleSelectors:*meta.v1.LabelSelector
rbac.v1.ClusterRole 1metadata:meta.v1.ObjectMeta 2rules:*rbac.v1.PolicyRule 3?aggregationRule:rbac.v1.AggregationRule
rbac.v1.ClusterRoleBinding 1metadata:meta.v1.ObjectMeta 2subjects:*rbac.v1.Subject 3roleRef:rbac.v1.RoleRef
rbac.v1.ClusterRoleBindingList 1metadata:meta.v1.ListMeta 2items:*rbac.v1.ClusterRoleBinding
rbac.v1.ClusterRoleList 1metadata:meta.v1.ListMeta 2items:*rbac.v1.ClusterRole
rbac.v1.PolicyRule 1verbs:*s 2apiGroups:*s 3resources:*s 4resourceNames:*s 5nonResourceURLs:*s
rbac.v1.Role 1metadata:meta.v1.ObjectMeta 2rules:*rbac.v1.PolicyRule
rbac.v1.RoleBinding 1metadata:meta.v1.ObjectMeta 2subjects:*rbac.v1.Subject 3roleRef:rbac.v1.RoleRef
rbac.v1.RoleBindingList 1metadata:meta.v1.ListMeta 2items:*rbac.v1.RoleBinding
rbac.v1.RoleList 1metadata:meta.v1.ListMeta 2items:*rbac.v1.Role
rbac.v1.RoleRef 1apiGroup:s 2kind:s 3name:s
rbac.v1.Subject 1kind:s 2apiGroup:s 3name:s 4namespace:s
networking.v1.HTTPIngressPath 1path:s 3?pathType:s 2backend:networking.v1.IngressBackend
networking.v1.HTTPIngressRuleValue 1paths:*networking.v1.HTTPIngressPath
networking.v1.IPAddress 1metadata:meta.v1.ObjectMeta 2spec:networking.v1.IPAddressSpec
networking.v1.IPAddressList 1metadata:meta.v1.ListMeta 2items:*networking.v1.IPAddress
networking.v1.IPAddressSpec 1?parentRef:networking.v1.ParentReference
networking.v1.IPBlock 1cidr:s 2except:*s
networking.v1.Ingress 1metadata:meta.v1.ObjectMeta 2spec:networking.v1.IngressSpec 3status:networking.v1.IngressStatus
networking.v1.IngressBackend 4?service:networking.v1.IngressServiceBackend 3?resource:core.v1.TypedLocalObjectReference
networking.v1.IngressClass 1metadata:meta.v1.ObjectMeta 2spec:networking.v1.IngressClassSpec
networking.v1.IngressClassList 1metadata:meta.v1.ListMeta 2items:*networking.v1.IngressClass
networking.v1.IngressClassParametersReference 1?aPIGroup:s 2kind:s 3name:s 4?scope:s 5?namespace:s
networking.v1.IngressClassSpec 1controller:s 2?parameters:networking.v1.IngressClassParametersReference
networking.v1.IngressList 1metadata:meta.v1.ListMeta 2items:*networking.v1.Ingress
networking.v1.IngressLoadBalancerIngress 1ip:s 2hostname:s 4ports:*networking.v1.IngressPortStatus
networking.v1.IngressLoadBalancerStatus 1ingress:*networking.v1.IngressLoadBalancerIngress
networking.v1.IngressPortStatus 1port:i 2protocol:s 3?error:s
networking.v1.IngressRule 1host:s 2!ingressRuleValue:networking.v1.IngressRuleValue
networking.v1.IngressRuleValue 1?http:networking.v1.HTTPIngressRuleValue
networking.v1.IngressServiceBackend 1name:s 2port:networking.v1.ServiceBackendPort
networking.v1.IngressSpec 4?ingressClassName:s 1?defaultBackend:networking.v1.IngressBackend 2tls:*networking.v1.IngressTLS 3rules:*networking.v1.IngressRule
networking.v1.IngressStatus 1loadBalancer:networking.v1.IngressLoadBalancerStatus
networking.v1.IngressTLS 1hosts:*s 2secretName:s
networking.v1.NetworkPolicy 1metadata:meta.v1.ObjectMeta 2spec:networking.v1.NetworkPolicySpec
networking.v1.NetworkPolicyEgressRule 1ports:*networking.v1.NetworkPolicyPort 2to:*networking.v1.NetworkPolicyPeer
networking.v1.NetworkPolicyIngressRule 1ports:*networking.v1.NetworkPolicyPort 2from:*networking.v1.NetworkPolicyPeer
networking.v1.NetworkPolicyList 1metadata:meta.v1.ListMeta 2items:*networking.v1.NetworkPolicy
networking.v1.NetworkPolicyPeer 1?podSelector:meta.v1.LabelSelector 2?namespaceSelector:meta.v1.LabelSelector 3?ipBlock:networking.v1.IPBlock
networking.v1.NetworkPolicyPort 1?protocol:s 2?port:util.intstr.IntOrString 3?endPort:i
networking.v1.NetworkPolicySpec 1podSelector:meta.v1.LabelSelector 2ingress:*networking.v1.NetworkPolicyIngressRule 3egress:*networking.v1.NetworkPolicyEgressRule 4policyTypes:*s
networking.v1.ParentReference 1group:s 2resource:s 3namespace:s 4name:s
networking.v1.ServiceBackendPort 1name:s 2number:i
networking.v1.ServiceCIDR 1metadata:meta.v1.ObjectMeta 2spec:networking.v1.ServiceCIDRSpec 3status:networking.v1.ServiceCIDRStatus
networking.v1.ServiceCIDRList 1metadata:meta.v1.ListMeta 2items:*networking.v1.ServiceCIDR
networking.v1.ServiceCIDRSpec 1cidrs:*s
networking.v1.ServiceCIDRStatus 1conditions:*meta.v1.Condition
policy.v1.Eviction 1metadata:meta.v1.ObjectMeta 2?deleteOptions:meta.v1.DeleteOptions
policy.v1.PodDisruptionBudget 1metadata:meta.v1.ObjectMeta 2spec:policy.v1.PodDisruptionBudgetSpec 3status:policy.v1.PodDisruptionBudgetStatus
policy.v1.PodDisruptionBudgetList 1metadata:meta.v1.ListMeta 2items:*policy.v1.PodDisruptionBudget
policy.v1.PodDisruptionBudgetSpec 1?minAvailable:util.intstr.IntOrString 2?selector:meta.v1.LabelSelector 3?maxUnavailable:util.intstr.IntOrString 4?unhealthyPodEvictionPolicy:s
policy.v1.PodDisruptionBudgetStatus 1observedGeneration:i 2disruptedPods:@meta.v1.Time 3disruptionsAllowed:i 4currentHealthy:i 5desiredHealthy:i 6expectedPods:i 7conditions:*meta.v1.Condition
storage.v1.CSIDriver 1metadata:meta.v1.ObjectMeta 2spec:storage.v1.CSIDriverSpec
storage.v1.CSIDriverList 1metadata:meta.v1.ListMeta 2items:*storage.v1.CSIDriver
storage.v1.CSIDriverSpec 1?attachRequired:B 2?podInfoOnMount:B 3volumeLifecycleModes:*s 4?storageCapacity:B 5?fsGroupPolicy:s 6tokenRequests:*storage.v1.TokenRequest 7?requiresRepublish:B 8?seLinuxMount:B 9?nodeAllocatableUpdatePeriodSeconds:i
storage.v1.CSINode 1metadata:meta.v1.ObjectMeta 2spec:storage.v1.CSINodeSpec
storage.v1.CSINodeDriver 1name:s 2nodeID:s 3topologyKeys:*s 4?allocatable:storage.v1.VolumeNodeResources
storage.v1.CSINodeList 1metadata:meta.v1.ListMeta 2items:*storage.v1.CSINode
storage.v1.CSINodeSpec 1drivers:*storage.v1.CSINodeDriver
storage.v1.CSIStorageCapacity 1metadata:meta.v1.ObjectMeta 2?nodeTopology:meta.v1.LabelSelector 3storageClassName:s 4?capacity:api.resource.Quantity 5?maximumVolumeSize:api.resource.Quantity
storage.v1.CSIStorageCapacityList 1metadata:meta.v1.ListMeta 2items:*storage.v1.CSIStorageCapacity
storage.v1.StorageClass 1metadata:meta.v1.ObjectMeta 2provisioner:s 3parameters:@s 4?reclaimPolicy:s 5mountOptions:*s 6?allowVolumeExpansion:B 7?volumeBindingMode:s 8allowedTopologies:*core.v1.TopologySelectorTerm
storage.v1.StorageClassList 1metadata:meta.v1.ListMeta 2items:*storage.v1.StorageClass
storage.v1.TokenRequest 1audience:s 2?expirationSeconds:i
storage.v1.VolumeAttachment 1metadata:meta.v1.ObjectMeta 2spec:storage.v1.VolumeAttachmentSpec 3status:storage.v1.VolumeAttachmentStatus
storage.v1.VolumeAttachmentList 1metadata:meta.v1.ListMeta 2items:*storage.v1.VolumeAttachment
storage.v1.VolumeAttachmentSource 1?persistentVolumeName:s 2!inlineVolumeSpec:core.v1.PersistentVolumeSpec
storage.v1.VolumeAttachmentSpec 1attacher:s 2source:storage.v1.VolumeAttachmentSource 3nodeName:s
storage.v1.VolumeAttachmentStatus 1attached:B 2attachmentMetadata:@s 3?attachError:storage.v1.VolumeError 4?detachError:storage.v1.VolumeError
storage.v1.VolumeAttributesClass 1metadata:meta.v1.ObjectMeta 2driverName:s 3parameters:@s
storage.v1.VolumeAttributesClassList 1metadata:meta.v1.ListMeta 2items:*storage.v1.VolumeAttributesClass
storage.v1.VolumeError 1time:meta.v1.Time 2message:s 3?errorCode:i
storage.v1.VolumeNodeResources 1?count:i
coordination.v1.Lease 1metadata:meta.v1.ObjectMeta 2spec:coordination.v1.LeaseSpec
coordination.v1.LeaseList 1metadata:meta.v1.ListMeta 2items:*coordination.v1.Lease
coordination.v1.LeaseSpec 1?holderIdentity:s 2?leaseDurationSeconds:i 3?acquireTime:meta.v1.MicroTime 4?renewTime:meta.v1.MicroTime 5?leaseTransitions:i 6?strategy:s 7?preferredHolder:s
discovery.v1.Endpoint 1addresses:*s 2conditions:discovery.v1.EndpointConditions 3?hostname:s 4?targetRef:core.v1.ObjectReference 5deprecatedTopology:@s 6?nodeName:s 7?zone:s 8?hints:discovery.v1.EndpointHints
discovery.v1.EndpointConditions 1?ready:B 2?serving:B 3?terminating:B
discovery.v1.EndpointHints 1forZones:*discovery.v1.ForZone 2forNodes:*discovery.v1.ForNode
discovery.v1.EndpointPort 1?name:s 2?protocol:s 3?port:i 4?appProtocol:s
discovery.v1.EndpointSlice 1metadata:meta.v1.ObjectMeta 4addressType:s 2endpoints:*discovery.v1.Endpoint 3ports:*discovery.v1.EndpointPort
discovery.v1.EndpointSliceList 1metadata:meta.v1.ListMeta 2items:*discovery.v1.EndpointSlice
discovery.v1.ForNode 1name:s
discovery.v1.ForZone 1name:s
authentication.v1.BoundObjectReference 1kind:s 2apiVersion:s 3name:s 4uID:s
authentication.v1.ExtraValue 1items:*s
authentication.v1.SelfSubjectReview 1metadata:meta.v1.ObjectMeta 2status:authentication.v1.SelfSubjectReviewStatus
authentication.v1.SelfSubjectReviewStatus 1userInfo:authentication.v1.UserInfo
authentication.v1.TokenRequest 1metadata:meta.v1.ObjectMeta 2spec:authentication.v1.TokenRequestSpec 3status:authentication.v1.TokenRequestStatus
authentication.v1.TokenRequestSpec 1audiences:*s 4?expirationSeconds:i 3?boundObjectRef:authentication.v1.BoundObjectReference
authentication.v1.TokenRequestStatus 1token:s 2expirationTimestamp:meta.v1.Time
authentication.v1.TokenReview 1metadata:meta.v1.ObjectMeta 2spec:authentication.v1.TokenReviewSpec 3status:authentication.v1.TokenReviewStatus
authentication.v1.TokenReviewSpec 1token:s 2audiences:*s
authentication.v1.TokenReviewStatus 1authenticated:B 2user:authentication.v1.UserInfo 4audiences:*s 3error:s
authentication.v1.UserInfo 1username:s 2uid:s 3groups:*s 4extra:@authentication.v1.ExtraValue
authorization.v1.ExtraValue 1items:*s
authorization.v1.FieldSelectorAttributes 1rawSelector:s 2requirements:*meta.v1.FieldSelectorRequirement
authorization.v1.LabelSelectorAttributes 1rawSelector:s 2requirements:*meta.v1.LabelSelectorRequirement
authorization.v1.LocalSubjectAccessReview 1metadata:meta.v1.ObjectMeta 2spec:authorization.v1.SubjectAccessReviewSpec 3status:authorization.v1.SubjectAccessReviewStatus
authorization.v1.NonResourceAttributes 1path:s 2verb:s
authorization.v1.NonResourceRule 1verbs:*s 2nonResourceURLs:*s
authorization.v1.ResourceAttributes 1namespace:s 2verb:s 3group:s 4version:s 5resource:s 6subresource:s 7name:s 8?fieldSelector:authorization.v1.FieldSelectorAttributes 9?labelSelector:authorization.v1.LabelSelectorAttributes
authorization.v1.ResourceRule 1verbs:*s 2apiGroups:*s 3resources:*s 4resourceNames:*s
authorization.v1.SelfSubjectAccessReview 1metadata:meta.v1.ObjectMeta 2spec:authorization.v1.SelfSubjectAccessReviewSpec 3status:authorization.v1.SubjectAccessReviewStatus
authorization.v1.SelfSubjectAccessReviewSpec 1?resourceAttributes:authorization.v1.ResourceAttributes 2?nonResourceAttributes:authorization.v1.NonResourceAttributes
authorization.v1.SelfSubjectRulesReview 1metadata:meta.v1.ObjectMeta 2spec:authorization.v1.SelfSubjectRulesReviewSpec 3status:authorization.v1.SubjectRulesReviewStatus
authorization.v1.SelfSubjectRulesReviewSpec 1namespace:s
authorization.v1.SubjectAccessReview 1metadata:meta.v1.ObjectMeta 2spec:authorization.v1.SubjectAccessReviewSpec 3status:authorization.v1.SubjectAccessReviewStatus
authorization.v1.SubjectAccessReviewSpec 1?resourceAttributes:authorization.v1.ResourceAttributes 2?nonResourceAttributes:authorization.v1.NonResourceAttributes 3user:s 4groups:*s 5extra:@authorization.v1.ExtraValue 6uid:s
authorization.v1.SubjectAccessReviewStatus 1allowed:B 4denied:B 2reason:s 3evaluationError:s
authorization.v1.SubjectRulesReviewStatus 1resourceRules:*authorization.v1.ResourceRule 2nonResourceRules:*authorization.v1.NonResourceRule 3incomplete:B 4evaluationError:s
events.v1.Event 1metadata:meta.v1.ObjectMeta 2eventTime:meta.v1.MicroTime 3?series:events.v1.EventSeries 4reportingController:s 5reportingInstance:s 6action:s 7reason:s 8regarding:core.v1.ObjectReference 9?related:core.v1.ObjectReference 10note:s 11type:s 12deprecatedSource:core.v1.EventSource 13deprecatedFirstTimestamp:meta.v1.Time 14deprecatedLastTimestamp:meta.v1.Time 15deprecatedCount:i
events.v1.EventList 1metadata:meta.v1.ListMeta 2items:*events.v1.Event
events.v1.EventSeries 1count:i 2lastObservedTime:meta.v1.MicroTime
scheduling.v1.PriorityClass 1metadata:meta.v1.ObjectMeta 2value:i 3globalDefault:B 4description:s 5?preemptionPolicy:s
scheduling.v1.PriorityClassList 1metadata:meta.v1.ListMeta 2items:*scheduling.v1.PriorityClass
node.v1.Overhead 1podFixed:@api.resource.Quantity
node.v1.RuntimeClass 1metadata:meta.v1.ObjectMeta 2handler:s 3?overhead:node.v1.Overhead 4?scheduling:node.v1.Scheduling
node.v1.RuntimeClassList 1metadata:meta.v1.ListMeta 2items:*node.v1.RuntimeClass
node.v1.Scheduling 1nodeSelector:@s 2tolerations:*core.v1.Toleration
certificates.v1.CertificateSigningRequest 1metadata:meta.v1.ObjectMeta 2spec:certificates.v1.CertificateSigningRequestSpec 3status:certificates.v1.CertificateSigningRequestStatus
certificates.v1.CertificateSigningRequestCondition 1type:s 6status:s 2reason:s 3message:s 4lastUpdateTime:meta.v1.Time 5lastTransitionTime:meta.v1.Time
certificates.v1.CertificateSigningRequestList 1metadata:meta.v1.ListMeta 2items:*certificates.v1.CertificateSigningRequest
certificates.v1.CertificateSigningRequestSpec 1request:b 7signerName:s 8?expirationSeconds:i 5usages:*s 2username:s 3uid:s 4groups:*s 6extra:@certificates.v1.ExtraValue
certificates.v1.CertificateSigningRequestStatus 1conditions:*certificates.v1.CertificateSigningRequestCondition 2certificate:b
certificates.v1.ExtraValue 1items:*s
`
