import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Topology } from "../../harness/topology.ts";

/** Groups of the members start there: nobody has one that high. */
const FIRST_GROUP = 61_000;
const TABLE = ["inet", "hotgrid_chaos"];
const CHAIN = [...TABLE, "out"];

const groups = new Map<string, number>();
/** The group under which a member runs: the firewall knows its packets by that. */
export function groupOf(member: string): number {
  const group = groups.get(member) ?? FIRST_GROUP + groups.size;
  groups.set(member, group);
  return group;
}

/** Drops packets between members by nftables, in a network of our own (see isolate.ts): nobody is told, as when a cable
 *  is pulled. What a member sends is dropped; what it gets, it can't answer. */
export class NetworkCuts {
  readonly #ports: ReadonlyMap<string, readonly number[]>;

  constructor(topology: Topology) {
    nft(["add", "table", ...TABLE]);
    nft(["add", "chain", ...CHAIN, "{ type filter hook output priority 0; }"]);
    this.#ports = portsOf(topology);
  }

  /** Cuts "FROM>TO" and returns the function that mends it.
   *  @param percent of the packets that are dropped, drawn at random */
  cut(link: string, percent = 100): () => void {
    const drawn = percent === 100 ? [] : ["numgen", "random", "mod", "100", "lt", `${percent}`];
    const rules = this.#matches(link).map((match) => [...match, ...drawn, "drop"]);
    const handles = rules.map((rule) => nft(["--echo", "--handle", "add", "rule", ...CHAIN, ...rule]));
    return () => {
      for (const told of handles) {
        const handle = /# handle (\d+)/.exec(told)?.[1];
        if (handle === undefined) throw new Error(`nft told no handle: ${told}`);
        nft(["delete", "rule", ...CHAIN, "handle", handle]);
      }
    };
  }

  #matches(link: string): readonly string[][] {
    const [from = "", to = ""] = link.split(">");
    const of = (name: string) => {
      const ports = this.#ports.get(name);
      if (ports === undefined) throw new Error(`${link}: no ports of ${name}`);
      return `{ ${ports.join(", ")} }`;
    };
    // The stations are in this process, whose group is nobody's: both ways by the gateway's port.
    if (from === "stations") {
      return [
        ["tcp", "dport", of(to)],
        ["tcp", "sport", of(to)],
      ];
    }
    const its = ["meta", "skgid", `${groupOf(from)}`];
    if (!from.startsWith("nats")) return [[...its, "tcp", "dport", of(to)]];
    // A node of the cluster, from its peers: on routes that it made and on those that were made to it.
    return [
      [...its, "tcp", "dport", of("routes")],
      [...its, "tcp", "sport", of("routes")],
    ];
  }
}

function portsOf({ folder, member }: Topology): ReadonlyMap<string, readonly number[]> {
  const routes = [0, 1, 2].map((i) => {
    const config = readFileSync(join(folder, "nats", `n${i}`, "nats.conf"), "utf8");
    return Number(/cluster .*listen: "127\.0\.0\.1:(\d+)"/.exec(config)?.[1]);
  });
  const port = (name: string, speaks: string) => member(name).ports[speaks] ?? 0;
  return new Map<string, readonly number[]>([
    ["nats", ["nats-1", "nats-2", "nats-3"].map((name) => port(name, "nats"))],
    ["routes", routes],
    ["influx", [port("influx", "http")]],
    ["postgres", [port("postgres", "sql")]],
    ...["gateway-1", "gateway-2"].map((name) => [name, [port(name, "mqtt")]] as const),
  ]);
}

const nft = (words: readonly string[]): string => execFileSync("nft", words, { encoding: "utf8" });
