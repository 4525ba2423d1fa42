import { toys } from './manifests.js'

const hook = (name: string, events: string, weight: number, policy: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-weight: "${weight}"
    helm.sh/hook-delete-policy: ${policy}
data:
  color: {{ .Values.color }}
  revision: "{{ .Release.Revision }}"
`

/** A small chart: a Deployment, a Service, a lookup, hooks of every time, a kind of its own. */
export const chartFiles: Readonly<Record<string, string>> = {
  'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.2.3\nappVersion: "9"\nkubeVersion: ">=1.30.0-0"\n',
  'values.yaml': 'color: red\nreplicas: 0\nname: settings\nextra: false\ncrd: false\n',
  'crds/toys.yaml': JSON.stringify(toys),
  'templates/NOTES.txt': 'The color is {{ .Values.color }} on {{ .Capabilities.KubeVersion.Major }}.{{ .Capabilities.KubeVersion.Minor }}; apps: {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}\n',
  'templates/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Values.name }}\ndata:\n  color: {{ .Values.color }}\n  namespace: {{ (lookup "v1" "Namespace" "" "default").metadata.name }}\n',
  'templates/extra.yaml': '{{ if .Values.extra }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-extra\n{{ end }}\n',
  'templates/toy.yaml': '{{ if .Values.crd }}\napiVersion: real.example.com/v1\nkind: Toy\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  size: small\n{{ end }}\n',
  'templates/service.yaml': 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-shop\nspec:\n  selector:\n    app: {{ .Release.Name }}\n  ports:\n  - port: 80\n',
  'templates/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-shop
  labels:
    app.kubernetes.io/managed-by: {{ .Release.Service }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels:
      app: {{ .Release.Name }}
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}
    spec:
      containers:
      - name: main
        image: nginx:1
        env:
        - name: COLOR
          value: {{ .Values.color }}
`,
  'templates/before.yaml': hook('before', 'pre-install,pre-upgrade', -5, 'before-hook-creation'),
  'templates/after.yaml': hook('after', 'post-install,post-upgrade,post-rollback', 5, 'hook-succeeded'),
  'templates/gone.yaml': hook('gone', 'pre-delete', 0, 'hook-succeeded'),
  'templates/last.yaml': hook('last', 'post-delete', 0, 'before-hook-creation'),
}
