import { Rejected } from "@hotgrid/runtime";
import { z } from "zod";
import { invalid } from "../http/http-problem.ts";

/** Items of a page, unless asked, and at most. Ours. */
const USUAL_PAGE = 100;
const LARGEST_PAGE = 500;

/** Every list is paged: `cursor` is `nextCursor` of the page before. */
export const pageQuery = {
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(USUAL_PAGE),
};

/** A value that the store refuses (a cursor that is none) is the caller's mistake. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    throw invalid(`querystring.${error.field}`, { zh: error.messageZh, en: error.message });
  }
}

/** Leaves out what was not given: an absent filter is not one that is undefined. */
export function given<T extends object>(filter: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as never;
}
