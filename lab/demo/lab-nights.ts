import { existsSync, readdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jobsInTurn } from "../../shared/jobs.ts";
import { company } from "./company.ts";
import { problemOf, type Session } from "./demo-session.ts";
import { costLines, pageLines, tableLines } from "./summary.ts";
import { openWorld } from "./world.ts";

const dayMs = 24 * 3_600_000;
/** Marks a folder that contains only files of earlier nights in the lab. */
const labMark = ".lab-night";

/**
 * Runs a small company's first two nights, its analytics and its tables, with RingCentral, AWS and Lambda on this machine.
 * Returns what went wrong.
 */
export async function labNights(session: Session): Promise<string | undefined> {
  const { dir, say, doing, onEvent } = session;
  const others = readdirSync(dir).filter((name) => !name.startsWith(".lock"));
  if (others.length > 0 && !existsSync(join(dir, labMark)))
    return `${dir} is there already and not from the lab: nothing was touched.`;
  for (const name of others) await rm(join(dir, name), { recursive: true, force: true });
  await writeFile(join(dir, labMark), "");
  say("Starting RingCentral, AWS and Lambda on this machine.\n");
  doing("starting them");
  const world = await openWorld({ ...company, dir, onEvent });
  return session.toTheEnd(
    world,
    async () => {
      say("RingCentral's usual limit is 10 Heavy requests per 60 s. Here it is 40 per 2 s.\n");
      say("The first night: list every day and fetch the recordings that calls reference.\n");
      const problems = [problemOf(await world.scheduledNight())];
      session.startAnew();
      world.clock.advance(dayMs);
      world.lambda.recycle();
      say("\nThe second night: list open days again. A day closes when two listings agree.\n");
      problems.push(problemOf(await world.scheduledNight()));
      say("\nThe other jobs: collect the analytics of these days, build tables, look at it all.\n");
      for (const job of jobsInTurn.filter((name) => name !== "archive-calls"))
        problems.push(problemOf(await world.scheduledNight(job)));
      await session.summary(world);
      doing("querying the tables");
      say((await tableLines(dir)).join("\n"));
      say(costLines(world).join("\n"));
      say((await pageLines(dir)).join("\n"));
      return problems.find((problem) => problem !== undefined);
    },
    "The next npm start begins anew.",
  );
}
