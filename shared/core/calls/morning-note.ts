import { shortDay } from "../time/short-day.ts";
import type { ArchiveStatus } from "./archive-status.ts";

/** An e-mail by SNS. */
export interface Note {
  readonly subject: string;
  readonly text: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maxSubjectLength = 99;

/** The stack whose status a note says. */
export interface NotedStack {
  readonly stack: string;
  /** Without pages the note names none. */
  readonly buildsPages: boolean;
}

/** Returns the morning note of a stack. Its first sentence is the status. */
export function morningNote(
  { stack, buildsPages }: NotedStack,
  sentence: string,
  { completeTo, completeDay, today }: ArchiveStatus,
): Note {
  const name = stack.replace(/^nightshift-/, "");
  const counts =
    completeDay &&
    `${many(completeDay.calls, "call")}, ${many(completeDay.stored, "recording")}, ${completeDay.lost} lost`;
  const day =
    completeTo === undefined || counts === undefined
      ? { lines: [], commands: [] }
      : {
          lines: [`${shortDay(completeTo, today)}: ${counts}.`],
          commands: buildsPages ? [`Its page: npx nightshift page ${completeTo} --stack ${name}`] : [],
        };
  return {
    subject: shortened(`${stack}: ${sentence}`),
    text: [sentence, ...day.lines, "", ...day.commands, `More: npx nightshift status --stack ${name}`].join("\n"),
  };
}

function many(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** SNS takes fewer than 100 characters, all of them ASCII. */
function shortened(text: string): string {
  const ascii = text.replaceAll(/[^\x20-\x7e]/g, "?");
  return ascii.length <= maxSubjectLength ? ascii : `${ascii.slice(0, maxSubjectLength - 3)}...`;
}
