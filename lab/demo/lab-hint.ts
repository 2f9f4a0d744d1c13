/** Returns what else the user of a lab must know about a command of nightshift that has ended; undefined if there is nothing. */
export function labHint(args: readonly string[], exitStatus: number | null): string | undefined {
  if (exitStatus === 0 && printsLink(args))
    return "In the lab the link ends with its command. To open pages: npm run lab -- nightshift page --stack lab --into pages";
  if (["follow", "stop"].includes(args[0] ?? "") && !args.includes("--help"))
    return "In the lab no run outlives its command: npm run lab -- nightshift run --stack lab follows one to its end.";
  return undefined;
}

/** True for a command that prints a link if it succeeds: of a folder it prints a path. */
function printsLink([name, ...options]: readonly string[]): boolean {
  const isFolder = options.some((each) => /^(?:--bucket=)?(?!s3:|arn:|--)(?:\.|.*[/\\])/.test(each));
  return name === "page" && !options.includes("--into") && !options.includes("--help") && !isFolder;
}
