import { z } from "zod";

/** What our manifests use of the Kubernetes API (v1, apps/v1, policy/v1), strictly: a key that is misspelt is none. */
const Labels = z.record(z.string(), z.string());
const Selector = z.strictObject({ matchLabels: Labels });
const Metadata = z.strictObject({ name: z.string(), labels: Labels.optional() });
const named = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ name: z.string(), ...shape });

const Probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith("/"), port: z.string() }).optional(),
  exec: z.strictObject({ command: z.array(z.string()) }).optional(),
  periodSeconds: z.int(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});
const Quantity = z.string().regex(/^\d+(m|Mi|Gi)?$/);
const Container = named({
  image: z.string().regex(/^hotgrid$|^docker\.io\/.+:[\w.-]+$/, "pin a tag"),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(named({ value: z.string() })).optional(),
  envFrom: z.array(z.strictObject({ configMapRef: named({}) })).optional(),
  ports: z.array(named({ containerPort: z.int() })),
  startupProbe: Probe,
  readinessProbe: Probe,
  livenessProbe: Probe.optional(),
  resources: z.strictObject({
    requests: z.strictObject({ cpu: Quantity, memory: Quantity }),
    limits: z.strictObject({ memory: Quantity }),
  }),
  securityContext: z
    .strictObject({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
    })
    .optional(),
  volumeMounts: z.array(named({ mountPath: z.string().startsWith("/"), readOnly: z.boolean().optional() })),
});
const Volume = named({
  emptyDir: z.strictObject({}).optional(),
  configMap: named({}).optional(),
  secret: z
    .strictObject({
      secretName: z.literal("hotgrid"),
      items: z.array(z.strictObject({ key: z.string(), path: z.string() })),
    })
    .optional(),
  persistentVolumeClaim: z.strictObject({ claimName: z.string() }).optional(),
});
const Pod = z.strictObject({
  automountServiceAccountToken: z.literal(false),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z
    .strictObject({
      runAsNonRoot: z.literal(true),
      runAsUser: z.int(),
      runAsGroup: z.int(),
      fsGroup: z.int(),
      seccompProfile: z.strictObject({ type: z.literal("RuntimeDefault") }),
    })
    .optional(),
  topologySpreadConstraints: z
    .array(
      z.strictObject({
        maxSkew: z.int(),
        topologyKey: z.string(),
        whenUnsatisfiable: z.enum(["ScheduleAnyway", "DoNotSchedule"]),
        labelSelector: Selector,
      }),
    )
    .optional(),
  affinity: z
    .strictObject({
      podAntiAffinity: z.strictObject({
        requiredDuringSchedulingIgnoredDuringExecution: z.array(
          z.strictObject({ topologyKey: z.string(), labelSelector: Selector }),
        ),
      }),
    })
    .optional(),
  containers: z.array(Container).nonempty(),
  volumes: z.array(Volume).optional(),
});
const Template = z.strictObject({
  metadata: z.strictObject({ labels: Labels, annotations: Labels.optional() }),
  spec: Pod,
});
const Claim = z.strictObject({
  accessModes: z.tuple([z.enum(["ReadWriteOnce", "ReadWriteMany"])]),
  resources: z.strictObject({ requests: z.strictObject({ storage: Quantity }) }),
});
const object = <A extends string, K extends string, T extends z.ZodType>(apiVersion: A, kind: K, spec: T) =>
  z.strictObject({ apiVersion: z.literal(apiVersion), kind: z.literal(kind), metadata: Metadata, spec });

const Deployment = object(
  "apps/v1",
  "Deployment",
  z.strictObject({
    replicas: z.int(),
    selector: Selector,
    strategy: z.union([
      z.strictObject({ type: z.literal("Recreate") }),
      z.strictObject({
        type: z.literal("RollingUpdate"),
        rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.literal(1) }),
      }),
    ]),
    template: Template,
  }),
);
const StatefulSet = object(
  "apps/v1",
  "StatefulSet",
  z.strictObject({
    serviceName: z.string(),
    replicas: z.int(),
    podManagementPolicy: z.literal("Parallel").optional(),
    selector: Selector,
    template: Template,
    volumeClaimTemplates: z.array(z.strictObject({ metadata: Metadata, spec: Claim })),
  }),
);
export type Workload = z.infer<typeof Deployment> | z.infer<typeof StatefulSet>;

export const KubernetesObject = z.discriminatedUnion("kind", [
  Deployment,
  StatefulSet,
  object(
    "v1",
    "Service",
    z.strictObject({
      type: z.literal("LoadBalancer").optional(),
      clusterIP: z.literal("None").optional(),
      publishNotReadyAddresses: z.boolean().optional(),
      selector: Labels,
      ports: z.array(named({ port: z.int(), targetPort: z.string() })),
    }),
  ),
  object("policy/v1", "PodDisruptionBudget", z.strictObject({ minAvailable: z.int(), selector: Selector })),
  object("v1", "PersistentVolumeClaim", Claim),
  z.strictObject({ apiVersion: z.literal("v1"), kind: z.literal("Namespace"), metadata: Metadata }),
]);
