import { runStart } from "./run-start.ts";

const problem = await runStart(process.argv.slice(2), process.stdout);
if (problem !== undefined) {
  process.stderr.write(`${problem.text}\n`);
  process.exitCode = problem.status;
}
