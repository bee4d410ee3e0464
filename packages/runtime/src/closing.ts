/** Closes resources in the reverse order of opening: register the close on the line after the open. */
export class Closing {
  readonly #steps: { name: string; close: () => unknown }[] = [];

  add(name: string, close: () => unknown): void {
    this.#steps.push({ name, close });
  }

  /** Runs every step even where one fails, and then throws what failed. */
  async run(): Promise<void> {
    const failures: Error[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step.close();
      } catch (cause) {
        failures.push(new Error(`closing ${step.name} failed`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map((f) => f.message).join("; "));
  }
}
