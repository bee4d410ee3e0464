import { createHash } from "node:crypto";
import type { AuditRecord } from "@hotgrid/contracts";

/** `previous` of the first record. */
export const AUDIT_GENESIS = "0".repeat(64);

/** SHA-256, hex, over the record's canonical JSON without its own hash: that of the record before it is included. */
export function auditHash(record: Omit<AuditRecord, "hash">): string {
  const { seq, at, account, address, subject, subjectId, division, action, details, previous } = record;
  const content = { seq, at, account, address, subject, subjectId, division, action, details, previous };
  return createHash("sha256").update(canonicalJson(content)).digest("hex");
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** RFC 8785 for objects of texts, numbers, booleans and null: keys by UTF-16 code units, no spaces; numbers and texts
 *  as JSON.stringify writes them. */
export function canonicalJson(value: Json): string {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON`);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`).join(",")}}`;
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);

/** A place of the log up to which somebody knows it: the number of records and the hash of the last. */
export interface AuditHead {
  readonly count: number;
  readonly hash: string;
}

/** changed: a record's content is not what was hashed. broken: records are missing, put in, or in another order.
 *  truncated: there are fewer records than the stored head says. beyond: there are more. head: the last record is not
 *  the one that the head names. anchor: the log is not the one whose head was written down before. ticket: the
 *  log is whole, but the ticket's stored state or history is not the one that it tells of. */
export interface AuditProblem {
  readonly kind: "changed" | "broken" | "truncated" | "beyond" | "head" | "anchor" | "ticket";
  readonly seq: number;
  readonly message: { readonly zh: string; readonly en: string };
}

/** Walks a log in order of its records, given one by one, and stops at the first problem: what follows it proves
 *  nothing. */
export class AuditWalk {
  #last: AuditHead = { count: 0, hash: AUDIT_GENESIS };
  readonly #anchor: AuditHead | null;

  constructor(anchor: AuditHead | null = null) {
    this.#anchor = anchor;
  }

  /** Of the records so far. */
  get last(): AuditHead {
    return this.#last;
  }

  step(record: AuditRecord): AuditProblem | null {
    const { seq, previous, hash } = record;
    if (seq !== this.#last.count + 1 || previous !== this.#last.hash)
      return problem("broken", seq, "与前一条不相连", "does not follow the record before it");
    if (auditHash(record) !== hash) return problem("changed", seq, "内容被改动", "is not what was written");
    this.#last = { count: seq, hash };
    if (this.#anchor?.count === seq && this.#anchor.hash !== hash)
      return problem("anchor", seq, "与此前抄录的校验值不符", "is not the record whose hash was written down");
    return null;
  }

  /** @param head as it is stored beside the log. */
  end(head: AuditHead): AuditProblem | null {
    const { count, hash } = this.#last;
    if (head.count > count)
      return problem("truncated", count + 1, "及之后的记录被删除", "and what followed it was removed");
    if (head.count < count) return problem("beyond", head.count + 1, "不是系统写入的", "was not written by the system");
    if (head.hash !== hash) return problem("head", count, "与末条校验值不符", "is not the last one that was written");
    if (this.#anchor !== null && this.#anchor.count > count)
      return problem("anchor", count + 1, "此前抄录时存在，现已不在", "was there when the head was written down");
    return null;
  }
}

const problem = (kind: AuditProblem["kind"], seq: number, zh: string, en: string): AuditProblem => ({
  kind,
  seq,
  message: { zh: `第 ${seq} 条${zh}`, en: `record ${seq} ${en}` },
});
