import { z } from "zod";

/** Where a secret is: a file (its first line) or a variable of the environment. Never in the configuration itself. */
export const SecretPlace = z.union([
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ env: z.string().min(1) }),
]);
export type SecretPlace = z.infer<typeof SecretPlace>;
