import { join, relative } from "node:path";
import type { ExecutionView } from "../lambda/execution.ts";
import type { LambdaEvent } from "../lambda/lambda-event.ts";
import { readArchive } from "./archive-contents.ts";
import { archiveBucket, type Cloud } from "./cloud.ts";
import { createDisplay } from "./display.ts";
import { dayLines, totalLines, verificationLines } from "./summary.ts";
import { verifyInLab } from "./verify-in-lab.ts";

/** What `npm start` shows while it works in a folder. */
export interface Session {
  readonly dir: string;
  readonly say: (text: string) => void;
  /** Says what is being done, if it takes long. */
  readonly doing: (activity: string) => void;
  readonly onEvent: (event: LambdaEvent) => void;
  /** What is shown next begins below. */
  readonly startAnew: () => void;
  /** Runs `work` and stops the cloud, after Ctrl-C too. */
  readonly toTheEnd: (
    cloud: Cloud,
    work: () => Promise<string | undefined>,
    afterCtrlC: string,
  ) => Promise<string | undefined>;
  /** Shows what the archive holds. */
  readonly summary: (cloud: Cloud) => Promise<void>;
  readonly end: () => void;
}

/** After this time without a line, the display says what is being done. */
const silentMs = 4_000;
const checkMs = 1_000;

export function createSession(dir: string, output: NodeJS.WriteStream): Session {
  const display = createDisplay(output);
  const heartbeat = setInterval(() => display.heartbeat(silentMs), checkMs);
  const say = (text: string) => {
    display.say(text);
  };
  return {
    dir,
    say,
    doing: display.doing,
    startAnew: display.startAnew,
    onEvent: (event) => {
      if (event.type === "log") display.log(event.function, event.text);
      if (event.type === "checkpointed" && event.operation.type === "STEP" && event.operation.action === "START")
        display.step(event.function, event.operation.name ?? "");
    },
    toTheEnd: async (cloud, work, afterCtrlC) => {
      const interrupted = Promise.withResolvers<string>();
      const interrupt = () => interrupted.resolve(`Interrupted. ${afterCtrlC}`);
      process.once("SIGINT", interrupt);
      try {
        return await Promise.race([work(), interrupted.promise]);
      } finally {
        process.off("SIGINT", interrupt);
        await cloud.stop();
      }
    },
    summary: async (cloud) => {
      display.doing("reading the archive");
      const { manifests } = await readArchive(cloud);
      const folder = relative(process.cwd(), join(dir, archiveBucket)) || ".";
      const account = Object.values(manifests)[0]?.account;
      const lines = [...dayLines(manifests), ...totalLines(manifests, folder)];
      display.doing("verifying every byte of the archive");
      if (account) lines.push("", ...verificationLines(await verifyInLab(cloud, account)));
      say(`\n${lines.join("\n")}`);
    },
    end: () => clearInterval(heartbeat),
  };
}

/** Returns how a run ended if it did not succeed. */
export function problemOf({ status, error }: ExecutionView): string | undefined {
  return status === "SUCCEEDED" ? undefined : `The run ended ${status}: ${error?.ErrorMessage ?? ""}`;
}
