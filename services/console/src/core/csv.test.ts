import { expect, test } from "vitest";
import { writeCsv } from "./csv.ts";

test("a file begins with the mark by which Excel knows UTF-8, and ends its lines as RFC 4180 says", () => {
  expect(writeCsv(["time", "PM2.5 (µg/m³)"], [["2026-11-22T08:00:00+08:00", 35.2]])).toBe(
    "\uFEFFtime,PM2.5 (µg/m³)\r\n2026-11-22T08:00:00+08:00,35.2\r\n",
  );
});

test("not measured is an empty cell, a comma or a quote is quoted", () => {
  expect(writeCsv(["a", 'b,"c"'], [[null, 0]])).toBe('\uFEFFa,"b,""c"""\r\n,0\r\n');
});
