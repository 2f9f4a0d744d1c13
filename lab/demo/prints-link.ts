/** True for a command of nightshift that prints a link if it succeeds: of a folder it prints a path. */
export function printsLink([name, ...options]: readonly string[]): boolean {
  const isFolder = options.some((each) => /^(?:--bucket=)?(?!s3:|arn:|--)(?:\.|.*[/\\])/.test(each));
  return name === "page" && !options.includes("--into") && !options.includes("--help") && !isFolder;
}
