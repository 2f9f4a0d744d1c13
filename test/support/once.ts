/** Makes what tests of a file share when the first of them needs it: if that fails, each of them fails, by its name. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
