import type { KillPlan } from "./kill-at.ts";

/** Each process is killed at one of its first `most` commits, at random by the seed, on either side of it. */
export function randomPlans(seed: number, most: number): () => KillPlan {
  let state = seed >>> 0;
  // Mulberry32 (public domain): small, and the same on every machine.
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => {
    const side = random() < 0.5 ? "before" : "after";
    // Before its first commit a process has done nothing: it would never come to the second.
    const commit = Math.max(side === "before" ? 2 : 1, 1 + Math.floor(random() * most));
    return { commit, side };
  };
}

/** Each process is killed at its first commit, or on the verge of its second: every commit of a life is met. */
export const everyCommit =
  (side: KillPlan["side"]): (() => KillPlan) =>
  () => ({ commit: side === "before" ? 2 : 1, side });
