import { shortDay } from "../time/short-day.ts";
import type { ArchiveStatus } from "./archive-status.ts";

/** An e-mail by SNS. */
export interface Note {
  readonly subject: string;
  readonly text: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maxSubjectLength = 99;

/** Returns the morning note of a stack. Its first sentence is the status. */
export function morningNote(stack: string, sentence: string, { completeTo, completeDay, today }: ArchiveStatus): Note {
  const dayLine =
    completeTo !== undefined && completeDay !== undefined
      ? [
          `${shortDay(completeTo, today)}: ${many(completeDay.calls, "call")}, ${many(completeDay.stored, "recording")}.`,
        ]
      : [];
  const command = `npx nightshift status --stack ${stack.replace(/^nightshift-/, "")}`;
  return {
    subject: shortened(`${stack}: ${sentence}`),
    text: [sentence, ...dayLine, "", `More: ${command}`].join("\n"),
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
