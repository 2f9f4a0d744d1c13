import type { Options, OptionTable } from "./options.ts";
import type { Shell } from "./shell.ts";

/** Exit statuses of every command. */
export const exitStatus = { whole: 0, somethingIsWrong: 1, notFoundOut: 2 } as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What the program knows of a command before it runs; the work is imported only then. */
export interface Command<Text extends string, Flag extends string, List extends string = never>
  extends OptionTable<Text, Flag, List> {
  /** One word, or a group and a word. */
  readonly name: string;
  readonly summary: string;
  /** What its exit statuses 0 and 1 mean. */
  readonly statuses: string;
  /** Arguments after the command's name, as a user types them. */
  readonly examples: readonly string[];
  readonly load: () => Promise<(options: Options<Text, Flag, List>, shell: Shell) => Promise<ExitStatus>>;
}
