/** Makes a shared value when the first test of a file needs it. If that fails, each test fails under its own name. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
