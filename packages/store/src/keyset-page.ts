import { Rejected } from "@hotgrid/runtime";
import { z } from "zod";

/** One page of a list that is sorted by a time and an id, newest first. */
export interface KeysetPage<T> {
  readonly items: readonly T[];
  /** Of the next page, null on the last. */
  readonly nextCursor: string | null;
}

/** Rows of one page at most, whatever was asked for. Ours. */
export const LARGEST_PAGE = 500;

export const pageSize = (limit: number): number => Math.max(1, Math.min(Math.floor(limit) || 1, LARGEST_PAGE));

const Cursor = z.tuple([z.int(), z.string().max(200)]);

const encodeCursor = (at: number, id: string): string => Buffer.from(JSON.stringify([at, id])).toString("base64url");

/** Throws Rejected("bad-cursor") for what was not made by encodeCursor. */
export function decodeCursor(cursor: string): readonly [at: number, id: string] {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (cause) {
    const text = { zh: "分页游标无效，请从第一页重新开始", en: "not a cursor of this list: start from its first page" };
    throw new Rejected("bad-cursor", text, "cursor", { cause });
  }
}

/** Makes a page of rows fetched with one more than its size, which tells whether there is a next. */
export function toPage<Row, T>(
  rows: readonly Row[],
  size: number,
  key: (row: Row) => readonly [at: number, id: string],
  item: (row: Row) => T,
): KeysetPage<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > size && last !== undefined ? encodeCursor(...key(last)) : null,
  };
}
