import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openSqliteBus } from "@hotgrid/bus";
import { createLog, SystemClock } from "@hotgrid/runtime";
import { openTestDatabase } from "@hotgrid/store/testing";
import { collectDefaultMetrics, Registry } from "prom-client";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Counts, registerMetrics } from "../../services/gateway/src/gateway-counters.ts";
import { addMetrics } from "../../services/hotgrid/src/add-metric.ts";
import { ROOT } from "../../services/hotgrid/src/config.ts";
import { observeAnswers, observeDelays } from "../../services/hotgrid/src/observed.ts";
import * as service from "../../services/hotgrid/src/service-metrics.ts";
import { SERVICES } from "../../services/hotgrid/src/service-names.ts";
import { newCounters } from "../../services/recorder/src/recorder-counters.ts";
import { temporaryFolder } from "../harness/embedded.ts";
import { textOf } from "./code-facts.ts";

const Target = z.object({ expr: z.string(), legendFormat: z.string() });
const Dashboard = z.object({
  uid: z.string(),
  title: z.string(),
  panels: z
    .array(
      z.object({
        id: z.int(),
        title: z.string(),
        datasource: z.object({ type: z.literal("prometheus"), uid: z.string() }),
        targets: z.array(Target).nonempty(),
      }),
    )
    .nonempty(),
});
const Prometheus = z.strictObject({
  global: z.strictObject({ scrape_interval: z.string() }),
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.strictObject({
      job_name: z.string(),
      metrics_path: z.literal("/metrics"),
      static_configs: z.array(
        z.strictObject({ labels: z.strictObject({ service: z.string() }), targets: z.array(z.string()) }),
      ),
    }),
  ),
});

const Alerts = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z
        .array(
          z.strictObject({
            alert: z.string().regex(/^Hotgrid[A-Z]\w+$/),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.strictObject({ severity: z.enum(["page", "look"]) }),
            annotations: z.strictObject({ summary: z.string(), remedy: z.string() }),
          }),
        )
        .nonempty(),
    }),
  ),
});

const PROMTOOL = "/usr/bin/promtool";
const FOLDER = "deploy/observe/grafana";
const dashboards = readdirSync(join(ROOT, FOLDER, "dashboards")).map((name) =>
  Dashboard.parse(JSON.parse(textOf(`${FOLDER}/dashboards/${name}`))),
);
const targets = dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets));

/** Names of all series that the services export. */
async function exported(): Promise<ReadonlySet<string>> {
  const folder = temporaryFolder();
  const [clock, log] = [new SystemClock(), createLog("test", "silent")];
  const database = await openTestDatabase(join(folder.path, "hotgrid.sqlite"));
  const bus = await openSqliteBus({ file: join(folder.path, "log.sqlite"), clock, log });
  const registry = new Registry();
  registerMetrics(registry, new Counts());
  collectDefaultMetrics({ register: registry });
  observeDelays(registry)(1);
  observeAnswers(registry)({ route: "/tickets", status: 200, seconds: 0.01 });
  addMetrics(registry, log, [
    ...service.tableMetrics(database),
    ...service.notifierMetrics(database),
    ...service.recorderMetrics(newCounters),
    ...service.detectorMetrics(() => new Map(), clock),
    service.cityMetrics(() => new Map()),
    service.streamMetrics(() => 0),
    service.lagMetrics(bus, [["recorder", ["readings"]]]),
    service.forgottenMetric(() => []),
  ]);
  const metrics = await registry.getMetricsAsJSON();
  await bus.close();
  await database.destroy();
  folder.remove();
  return new Set(metrics.map(({ name }) => name));
}

/** Names of the metrics that an expression asks for, a histogram's without the part of it. */
const namesIn = (expr: string): readonly string[] =>
  (expr.match(/\b(hotgrid|nodejs|process)_\w+/g) ?? []).map((name) => name.replace(/_bucket$/, ""));

test("every metric of the dashboard is one that a service exports", async () => {
  const known = await exported();
  const named = targets.flatMap(({ expr }) => namesIn(expr));
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  // `up` is Prometheus' own.
  expect(targets.filter(({ expr }) => !/\b(hotgrid|nodejs|process)_/.test(expr)).map(({ expr }) => expr)).toEqual([
    'up{job="hotgrid"}',
  ]);
  const shown = new Set(named);
  const unseen = [...known].filter((name) => name.startsWith("hotgrid_") && !shown.has(name));
  expect(unseen).toEqual([]);
});

test("every alert asks for what a service exports, says in both languages what is wrong and what to do, and is loaded", async () => {
  const known = await exported();
  const folder = "deploy/observe";
  const { groups } = Alerts.parse(parse(textOf(`${folder}/alerts.yml`)));
  const alerts = groups.flatMap(({ rules }) => rules);
  for (const { alert, expr, annotations } of alerts) {
    const asked = namesIn(expr);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    // `up` is Prometheus' own.
    expect(asked.length > 0 || expr.startsWith("up{"), alert).toBe(true);
    for (const text of Object.values(annotations)) expect(text).toMatch(/^[\p{Script=Han}].* · .*[a-zA-Z]/u);
  }
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  const { rule_files } = Prometheus.parse(parse(textOf(`${folder}/prometheus.yml`)));
  expect(rule_files).toEqual(["alerts.yml"]);
  const compose = z
    .object({
      configs: z.record(z.string(), z.object({ file: z.string() })),
      services: z.object({
        prometheus: z.object({ configs: z.array(z.object({ source: z.string(), target: z.string() })) }),
      }),
    })
    .parse(parse(textOf("deploy/compose/compose.yaml"), { merge: true }));
  const mounted = compose.services.prometheus.configs.map(({ source, target }) => [
    compose.configs[source]?.file,
    target,
  ]);
  expect(mounted).toEqual([
    ["../observe/prometheus.yml", "/etc/prometheus/prometheus.yml"],
    ["../observe/alerts.yml", "/etc/prometheus/alerts.yml"],
  ]);
});

test.skipIf(!existsSync(PROMTOOL))("promtool takes configuration and rules (Debian package prometheus)", () => {
  for (const words of [
    ["check", "config", "deploy/observe/prometheus.yml"],
    ["check", "rules", "deploy/observe/alerts.yml"],
  ]) {
    const { status, stdout, stderr } = spawnSync(PROMTOOL, words, { cwd: ROOT, encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  }
});

test("panels are Chinese first, English beside it, and ask the data source that is provisioned", () => {
  const { datasources } = z
    .object({ datasources: z.array(z.object({ uid: z.string(), url: z.string() })).nonempty() })
    .parse(parse(textOf(`${FOLDER}/provisioning/datasources/prometheus.yaml`)));
  for (const { title, datasource } of dashboards.flatMap(({ panels }) => panels)) {
    expect(title).toMatch(/^[\p{Script=Han}].* · .*[a-zA-Z]/u);
    expect(datasources.map(({ uid }) => uid)).toContain(datasource.uid);
  }
  const compose = parse(textOf("deploy/compose/compose.yaml"), { merge: true });
  const services = z.object({ services: z.record(z.string(), z.object({ volumes: z.array(z.string()).optional() })) });
  const hosts = services.parse(compose).services;
  for (const { url } of datasources) expect(Object.keys(hosts)).toContain(URL.parse(url)?.hostname);
  const { providers } = z
    .object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })).nonempty() })
    .parse(parse(textOf(`${FOLDER}/provisioning/dashboards/hotgrid.yaml`)));
  for (const { options } of providers) {
    expect(hosts["grafana"]?.volumes).toContain(`../observe/grafana/dashboards:${options.path}:ro`);
  }
});

test("in a cluster the pods get the job and the labels that alerts and dashboard name (Debian's promtool knows no Kubernetes)", () => {
  const Relabel = z.strictObject({
    source_labels: z.array(z.string().startsWith("__meta_kubernetes_pod_")),
    regex: z.string().optional(),
    action: z.literal("keep").optional(),
    target_label: z.string().optional(),
  });
  const Scrape = z.strictObject({
    job_name: z.string(),
    metrics_path: z.literal("/metrics"),
    kubernetes_sd_configs: z.tuple([
      z.strictObject({ role: z.literal("pod"), namespaces: z.strictObject({ names: z.array(z.string()) }) }),
    ]),
    relabel_configs: z.array(Relabel),
  });
  const { rule_files, scrape_configs } = z
    .strictObject({ rule_files: z.array(z.string()), scrape_configs: z.tuple([Scrape]) })
    .parse(parse(textOf("deploy/observe/prometheus-kubernetes.yml")));
  const [{ job_name, kubernetes_sd_configs, relabel_configs }] = scrape_configs;
  expect(rule_files).toEqual(["alerts.yml"]);
  const compose = Prometheus.parse(parse(textOf("deploy/observe/prometheus.yml")));
  expect(compose.scrape_configs.map((job) => job.job_name)).toEqual([job_name]);
  const { namespace } = z
    .looseObject({ namespace: z.string() })
    .parse(parse(textOf("deploy/kubernetes/kustomization.yaml")));
  expect(kubernetes_sd_configs[0].namespaces.names).toEqual([namespace]);
  expect(relabel_configs.flatMap(({ target_label }) => target_label ?? [])).toEqual(["service", "instance"]);
  const files = readdirSync(join(ROOT, "deploy/kubernetes/services")).map((name) =>
    textOf(`deploy/kubernetes/services/${name}`),
  );
  const pods = files.filter((text) => text.includes('prometheus.io/scrape: "true"'));
  expect(pods.length).toBe(SERVICES.length);
  for (const pod of pods) expect(pod).toContain("{ name: metrics, containerPort: 9464 }");
});

test("Prometheus asks every service of the compose file, on its port", () => {
  const { scrape_configs } = Prometheus.parse(parse(textOf("deploy/observe/prometheus.yml")));
  const asked = scrape_configs.flatMap(({ static_configs }) =>
    static_configs.flatMap(({ labels, targets }) => targets.map((target) => [labels.service, target])),
  );
  const Services = z.object({
    services: z.record(
      z.string(),
      z.object({ image: z.string(), command: z.array(z.string()).optional(), environment: z.unknown().optional() }),
    ),
  });
  const { services } = Services.parse(parse(textOf("deploy/compose/compose.yaml"), { merge: true }));
  const wanted = Object.entries(services).flatMap(([name, { image, command, environment }]) => {
    if (image !== "hotgrid") return [];
    const { HOTGRID_METRICS_PORT } = z.object({ HOTGRID_METRICS_PORT: z.string() }).parse(environment);
    return [[command?.[0], `${name}:${HOTGRID_METRICS_PORT}`]];
  });
  expect(asked.toSorted()).toEqual(wanted.toSorted());
});
