import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog, Readiness } from "@hotgrid/runtime";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { ROOT, readConfig } from "../../services/hotgrid/src/config.ts";
import { serveHealth } from "../../services/hotgrid/src/serve-health.ts";
import { SERVICES } from "../../services/hotgrid/src/service-names.ts";
import { textOf } from "./code-facts.ts";
import { KubernetesObject, type Workload } from "./kubernetes-objects.ts";
import { readCall } from "./service-calls.ts";

const FOLDER = "deploy/kubernetes";
const Kustomization = z.strictObject({
  apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
  kind: z.literal("Kustomization"),
  namespace: z.string().optional(),
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()) })).optional(),
  resources: z.array(z.string()),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).optional(),
  secretGenerator: z.array(z.strictObject({ name: z.string(), files: z.array(z.string()) })).default([]),
  configMapGenerator: z
    .array(
      z.strictObject({ name: z.string(), files: z.array(z.string()).optional(), envs: z.array(z.string()).optional() }),
    )
    .default([]),
});

const kustomizations = ["", "services/", "servers/"].map((sub) => ({
  sub,
  ...Kustomization.parse(parse(textOf(`${FOLDER}/${sub}kustomization.yaml`))),
}));
const files = kustomizations.flatMap(({ sub, resources }) =>
  resources.filter((name) => name.endsWith(".yaml")).map((name) => `${sub}${name}`),
);
const objects = files.flatMap((file) =>
  parseAllDocuments(textOf(`${FOLDER}/${file}`)).map((document) => {
    expect(document.errors, file).toEqual([]);
    return KubernetesObject.parse(document.toJS());
  }),
);
const workloads = objects.filter((object) => object.kind === "Deployment" || object.kind === "StatefulSet");
const containersOf = ({ spec }: Workload) => spec.template.spec.containers;
const secretKeys = kustomizations.flatMap(({ secretGenerator }) =>
  secretGenerator.flatMap(({ files }) => files.map((file) => file.replace(/^secrets\//, ""))),
);
const configMaps = kustomizations.flatMap(({ configMapGenerator }) => configMapGenerator.map(({ name }) => name));
const environment = Object.fromEntries(
  textOf(`${FOLDER}/services.env`)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);

test("every file of the folder is in a kustomization", () => {
  const there = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: "utf8" });
  const manifests = there.filter((name) => name.endsWith(".yaml") && !name.endsWith("kustomization.yaml"));
  expect(manifests.toSorted()).toEqual(files.toSorted());
  const generated = kustomizations.flatMap(({ sub, configMapGenerator }) =>
    configMapGenerator.flatMap(({ files = [], envs = [] }) => [...files, ...envs].map((name) => `${sub}${name}`)),
  );
  for (const file of generated) expect(there).toContain(file);
});

test("every service of the code is a Deployment, called as it reads its words and environment", () => {
  const ours = workloads.filter((workload) => containersOf(workload)[0]?.image === "hotgrid");
  expect(ours.map(({ metadata }) => metadata.name).toSorted()).toEqual([...SERVICES].toSorted());
  for (const workload of ours) {
    for (const { args = [], ports, envFrom } of containersOf(workload)) {
      expect(args[0]).toBe(workload.metadata.name);
      expect(envFrom).toEqual([{ configMapRef: { name: "hotgrid" } }]);
      const { metricsPort, httpPort, mqttPort } = readCall(args, environment);
      const listens = { metrics: metricsPort, http: httpPort, mqtt: mqttPort } as const;
      for (const { name, containerPort } of ports)
        expect({ [name]: containerPort }).toEqual({ [name]: Reflect.get(listens, name) });
      expect(workload.spec.template.metadata.annotations?.["prometheus.io/port"]).toBe(String(metricsPort));
    }
  }
});

describe.each(workloads.map((workload) => [workload.metadata.name, workload] as const))("%s", (_name, workload) => {
  const { spec } = workload;
  const pod = spec.template.spec;

  test("its selector finds its pods", () => {
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
  });

  test("what its containers mount, probe and are allowed is there", () => {
    const volumes = [
      ...(pod.volumes ?? []).map(({ name }) => name),
      ...("volumeClaimTemplates" in spec ? spec.volumeClaimTemplates.map(({ metadata }) => metadata.name) : []),
    ];
    for (const container of pod.containers) {
      expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(volumes.toSorted());
      const ports = container.ports.map(({ name }) => name);
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        if (probe?.httpGet) expect(ports).toContain(probe.httpGet.port);
      }
    }
  });

  test("its secrets, configuration and claims exist, and each file that it is told of is mounted", () => {
    const mounted: string[] = [];
    for (const volume of pod.volumes ?? []) {
      if (volume.configMap) expect(configMaps).toContain(volume.configMap.name);
      if (volume.persistentVolumeClaim) {
        const claims = objects
          .filter(({ kind }) => kind === "PersistentVolumeClaim")
          .map(({ metadata }) => metadata.name);
        expect(claims).toContain(volume.persistentVolumeClaim.claimName);
      }
      for (const { key, path } of volume.secret?.items ?? []) {
        expect(secretKeys).toContain(key);
        mounted.push(`/run/secrets/hotgrid/${path}`);
      }
    }
    const told = pod.containers.flatMap(({ env = [], envFrom }) => [
      ...env.map(({ value }) => value),
      ...(envFrom === undefined ? [] : Object.values(environment)),
    ]);
    expect(told.filter((value) => value.startsWith("/run/secrets/") && !mounted.includes(value))).toEqual([]);
  });

  test("more than one of it is kept by a budget", () => {
    const budgets = objects.filter((object) => object.kind === "PodDisruptionBudget");
    const budget = budgets.find(
      ({ spec: { selector } }) => selector.matchLabels["app.kubernetes.io/name"] === workload.metadata.name,
    );
    expect(budget !== undefined).toBe(spec.replicas > 1);
    if (budget) expect(budget.spec.minAvailable).toBeLessThan(spec.replicas);
  });
});

test("every Service leads to ports of pods, and every address in the environment to a Service", () => {
  const found = objects.filter((object) => object.kind === "Service");
  for (const { metadata, spec } of found) {
    const behind = workloads.filter(({ spec: { template } }) =>
      Object.entries(spec.selector).every(([label, value]) => template.metadata.labels[label] === value),
    );
    expect(behind.length, metadata.name).toBe(1);
    const names = behind.flatMap(containersOf).flatMap(({ ports }) => ports.map(({ name }) => name));
    for (const { targetPort } of spec.ports) expect(names).toContain(targetPort);
  }
  const names = found.map(({ metadata }) => metadata.name);
  for (const server of (environment["HOTGRID_NATS_SERVERS"] ?? "").split(",")) {
    expect(server).toMatch(/^nats-[0-2]\.nats:4222$/);
  }
  for (const variable of ["HOTGRID_POSTGRES_URL", "HOTGRID_INFLUX_URL"]) {
    expect(names).toContain(URL.parse(environment[variable] ?? "")?.hostname);
  }
});

test("every path that probes ask of the services is served", async () => {
  const log = createLog("test", "silent");
  const metrics = { contentType: "text/plain", metrics: async () => "" };
  const health = await serveHealth({ readiness: new Readiness({}, log), metrics }, { host: "127.0.0.1", port: 0 }, log);
  const ours = workloads.flatMap(containersOf).filter(({ image }) => image === "hotgrid");
  const paths = ours.flatMap(({ startupProbe, readinessProbe, livenessProbe }) =>
    [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet?.path ?? ""),
  );
  expect(new Set(paths)).toEqual(new Set(["/healthz", "/readyz"]));
  for (const path of new Set(paths)) expect((await fetch(`http://127.0.0.1:${health.port}${path}`)).status).toBe(200);
  health.close();
});

test("servers are those of the compose file, and the ports the code's", () => {
  const compose = textOf("deploy/compose/compose.yaml");
  for (const { image } of workloads.flatMap(containersOf)) expect(compose).toContain(`image: ${image}\n`);
  const defaults = readConfig(["--no-simulator"], {});
  const mqtt = objects.find((object) => object.kind === "Service" && object.metadata.name === "mqtt");
  expect(mqtt).toMatchObject({ spec: { ports: [{ port: defaults === "help" ? null : defaults.mqttPort }] } });
});

test("the secrets are in the README's loop, and outside of git", () => {
  const loop = /## Kubernetes[\s\S]*?for name in ([\w ]+); do/.exec(textOf("deploy/README.md"))?.[1]?.split(" ");
  expect(loop?.toSorted()).toEqual(secretKeys.toSorted());
  expect(textOf(`${FOLDER}/secrets/.gitignore`)).toBe("*\n!.gitignore\n");
});

const program = "/usr/bin/kubectl";
test.skipIf(!existsSync(program))("kubectl builds it (Debian package kubernetes-client)", () => {
  const folder = mkdtempSync(join(tmpdir(), "hotgrid-kustomize-"));
  cpSync(join(ROOT, FOLDER), folder, { recursive: true });
  for (const key of secretKeys) writeFileSync(join(folder, "secrets", key), "secret");
  const run = spawnSync(program, ["kustomize", folder], { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(run.stderr).toBe("");
  const built = parseAllDocuments(run.stdout).length;
  expect(built).toBe(objects.length + configMaps.length + 1);
});
