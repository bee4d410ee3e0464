import { DetectionRules } from "./detection-rules.ts";

/** Reads a rule file's JSON. Throws an Error that names every path at fault and says what to do. */
export function parseRules(json: unknown): DetectionRules {
  const parsed = DetectionRules.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 20)
    .map((issue) => `  ${issue.path.join(".") || "(top)"}: ${issue.message}`);
  throw new Error(
    `the detection rules can't be used:\n${faults.join("\n")}\n` +
      "Correct these entries; every number is written as { value, unit, reason }. " +
      "seeds/shaoxing/rules.json is a complete example.",
  );
}
