import type { Clock } from "@hotgrid/runtime";
import { describe } from "vitest";
import { appendAndReadContract } from "./contract/append-and-read.ts";
import { claimContract } from "./contract/claim.ts";
import { consumeContract } from "./contract/consume.ts";
import { ContractRun, type OpenedBus } from "./contract/contract-run.ts";
import { requestContract, restartContract } from "./contract/restart.ts";

export type { OpenedBus };

/** What every adapter of the port does, run on the real thing. `open` gives an empty log for each test; an adapter
 *  whose server has a clock of its own may ignore the given one. */
export function busContract(name: string, open: (clock: Clock) => Promise<OpenedBus>): void {
  describe(`the log's contract, ${name}`, () => {
    const run = new ContractRun(open);
    describe("append and read", () => appendAndReadContract(run));
    describe("consume", () => consumeContract(run));
    describe("claim", () => claimContract(run));
    describe("restart", () => restartContract(run));
    describe("request", () => requestContract(run));
  });
}
