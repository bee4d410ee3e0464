import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { STREAMS } from "@hotgrid/contracts";
import { openReceivers } from "@hotgrid/notifier-service";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT, readConfig } from "../../services/hotgrid/src/config.ts";
import { SERVICES } from "../../services/hotgrid/src/service-names.ts";
import { textOf } from "./code-facts.ts";
import { readCall } from "./service-calls.ts";

const Words = z.array(z.string());
const Files = z.record(z.string(), z.strictObject({ file: z.string() }));
const Service = z.strictObject({
  image: z.string().regex(/^hotgrid$|^docker\.io\/.+:[\w.-]+$/, "pin a tag"),
  restart: z.literal("unless-stopped"),
  stop_grace_period: z.string().optional(),
  entrypoint: Words.optional(),
  command: Words.default([]),
  hostname: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z
    .union([Words, z.record(z.string(), z.strictObject({ condition: z.literal("service_healthy") }))])
    .default([]),
  secrets: Words.default([]),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string().startsWith("/") })).default([]),
  volumes: Words.default([]),
  ports: z.array(z.string().regex(/^(127\.0\.0\.1:)?\d+:\d+$/)).default([]),
  healthcheck: z
    .strictObject({
      test: Words,
      interval: z.string(),
      timeout: z.string(),
      start_period: z.string().optional(),
      retries: z.int(),
    })
    .optional(),
});
const Compose = z.strictObject({
  name: z.string(),
  "x-service": z.unknown(),
  "x-nats": z.unknown(),
  services: z.record(z.string(), Service),
  configs: Files,
  secrets: Files,
  volumes: z.record(z.string(), z.null()),
});

const compose = Compose.parse(parse(textOf("deploy/compose/compose.yaml"), { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === "hotgrid");
const natsConf = textOf("deploy/compose/nats.conf");
const defaults = readConfig(["--no-simulator"], {});
if (defaults === "help") throw new Error("no help was asked for");

describe("compose.yaml", () => {
  test("every service of the code is there, called as it reads its words and environment", () => {
    expect(new Set(ours.map(([, { command }]) => command[0]))).toEqual(new Set(SERVICES));
    for (const [, { command, environment }] of ours) readCall(command, environment);
  });

  test.each(services)("%s: what it names exists", (_name, service) => {
    for (const [name, condition] of Object.entries(
      Array.isArray(service.depends_on)
        ? Object.fromEntries(service.depends_on.map((name) => [name, null]))
        : service.depends_on,
    )) {
      expect(compose.services).toHaveProperty([name]);
      if (condition !== null) expect(compose.services[name]?.healthcheck).toBeDefined();
    }
    for (const secret of service.secrets) expect(compose.secrets).toHaveProperty([secret]);
    for (const { source } of service.configs) expect(compose.configs).toHaveProperty([source]);
    for (const volume of service.volumes) {
      const from = volume.split(":")[0] ?? "";
      if (from.startsWith(".")) expect(existsSync(join(ROOT, "deploy/compose", from)), from).toBe(true);
      else expect(compose.volumes).toHaveProperty([from]);
    }
    const files = Object.values(service.environment).filter((value) => value.startsWith("/run/secrets/"));
    for (const file of files) expect(service.secrets).toContain(file.slice("/run/secrets/".length));
  });

  test("every file is in the folder, every secret in the README's loop and outside of git", () => {
    for (const { file } of Object.values(compose.configs)) {
      expect(existsSync(join(ROOT, "deploy/compose", file)), file).toBe(true);
    }
    const loop = /cd deploy\/compose[\s\S]*?for name in ([\w ]+); do/.exec(textOf("deploy/README.md"))?.[1]?.split(" ");
    expect(loop?.toSorted()).toEqual(Object.keys(compose.secrets).toSorted());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`secrets/${name}`);
    expect(textOf("deploy/compose/secrets/.gitignore")).toBe("*\n!.gitignore\n");
    expect(textOf(".dockerignore")).toContain("deploy/compose/secrets");
  });

  test("addresses lead to services, health is asked where it is served", () => {
    for (const [, { environment, healthcheck }] of ours) {
      const hosts = [
        ...(environment["HOTGRID_NATS_SERVERS"] ?? "").split(",").map((server) => server.split(":")[0]),
        ...["HOTGRID_POSTGRES_URL", "HOTGRID_INFLUX_URL"].map((name) => URL.parse(environment[name] ?? "")?.hostname),
      ];
      for (const host of hosts) expect(Object.keys(compose.services)).toContain(host);
      expect(healthcheck?.test.join(" ")).toContain(`http://127.0.0.1:${environment["HOTGRID_METRICS_PORT"]}/readyz`);
    }
    expect(compose.services["console"]?.ports).toEqual([`127.0.0.1:8080:${defaults.httpPort}`]);
  });

  test("the receivers' file is one", async () => {
    const file = join(ROOT, "deploy/compose/receivers.json");
    const { receivers } = await openReceivers({ file, env: {}, source: "/hotgrid/3306", wall: Date.now });
    expect(receivers).toEqual([]);
    expect(textOf("deploy/kubernetes/receivers.json")).toBe(textOf("deploy/compose/receivers.json"));
  });
});

describe("nats.conf", () => {
  test("three copies, synced, and the streams together well below max_file", () => {
    const gigabytes = Number(/max_file: (\d+)GB/.exec(natsConf)?.[1]);
    const each = Number(ours[0]?.[1].environment["HOTGRID_NATS_MAX_BYTES"]);
    expect(each * Object.keys(STREAMS).length).toBeLessThan(0.8 * gigabytes * 1e9);
    expect(natsConf).toMatch(/^ {2}sync_interval: always$/m);
    const routes = [...natsConf.matchAll(/nats:\/\/([\w-]+):6222/g)].map(([, host = ""]) => host);
    expect(routes).toEqual(services.filter(([, { image }]) => image.includes("/nats:")).map(([name]) => name));
  });

  const program = process.env["HOTGRID_NATS_SERVER"] ?? "/usr/sbin/nats-server";
  test.skipIf(!existsSync(program)).each(["deploy/compose/nats.conf", "deploy/kubernetes/servers/nats.conf"])(
    "nats-server takes %s (Debian package nats-server)",
    (path) => {
      const folder = mkdtempSync(join(tmpdir(), "hotgrid-conf-"));
      const file = join(folder, "nats.conf");
      // 2.9 does not know it: docs/operating.md.
      writeFileSync(file, textOf(path).replace(/^ *sync_interval: always$/m, ""));
      const env = { NATS_PASSWORD: '"0123456789e5"' };
      const run = spawnSync(program, ["-t", "--config", file], { env, encoding: "utf8" });
      rmSync(folder, { recursive: true });
      expect(run.stderr).toContain("is valid");
      expect(run.status).toBe(0);
    },
  );
});

test("haproxy.cfg leads to the gateways, and asks each whether it is ready", () => {
  const text = textOf("deploy/compose/haproxy.cfg");
  const servers = [...text.matchAll(/^ {2}server (\S+) (\S+):(\d+)$/gm)];
  const gateways = ours.filter(([, { command }]) => command[0] === "gateway");
  expect(servers.map(([, name, host, port]) => [name, host, Number(port)])).toEqual(
    gateways.map(([name]) => [name, name, defaults.mqttPort]),
  );
  expect(text).toContain("option httpchk GET /readyz");
  const ports = new Set(gateways.map(([, { environment }]) => environment["HOTGRID_METRICS_PORT"]));
  expect(ports.size).toBe(1);
  for (const port of ports) expect(text).toMatch(new RegExp(`^ {2}default-server check port ${port} `, "m"));
  expect(text).toContain(`bind :${compose.services["balancer"]?.ports[0]?.split(":")[1]}\n`);
});

test("the image has the Node of package.json, starts what is there, and keeps data where the services look", () => {
  const text = textOf("deploy/Containerfile");
  const { node } = z
    .object({ devDependencies: z.object({ node: z.string() }) })
    .parse(JSON.parse(textOf("package.json"))).devDependencies;
  const bases = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(bases).toEqual([1, 2].map(() => `docker.io/library/node:${node}-bookworm-slim`));
  const script = /ENTRYPOINT .*"\/app\/(\S+)"\]/.exec(text)?.[1] ?? "";
  expect(existsSync(join(ROOT, script)), script).toBe(true);
  for (const [, { environment, volumes }] of ours) {
    expect(text).toContain(`HOTGRID_DATA_DIR=${environment["HOTGRID_DATA_DIR"]} `);
    expect(volumes).toContain(`data:${environment["HOTGRID_DATA_DIR"]}`);
  }
});
