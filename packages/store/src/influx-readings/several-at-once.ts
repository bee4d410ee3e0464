/** Work on each input, begun in order, `limit` of them under way at once; answers in the order of the inputs. Where one
 *  fails no further one begins, and what is under way has ended before this throws: nothing comes late. */
export async function severalAtOnce<I, O>(
  inputs: Iterable<I>,
  limit: number,
  work: (input: I) => Promise<O>,
): Promise<O[]> {
  const outputs: O[] = [];
  let begun = 0;
  let failed = false;
  const iterator = inputs[Symbol.iterator]();
  const worker = async () => {
    for (let next = iterator.next(); !next.done && !failed; next = iterator.next()) {
      const place = begun++;
      try {
        outputs[place] = await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: limit }, worker));
  const rejected = ends.find((end) => end.status === "rejected");
  if (rejected) throw rejected.reason;
  return outputs;
}
