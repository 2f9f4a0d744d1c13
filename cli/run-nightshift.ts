import { Command as Program } from "commander";
import { backfillCommand } from "./backfill-command.ts";
import { type Command, type ExitStatus, exitStatus } from "./command.ts";
import { credentialPutCommand } from "./credential-put-command.ts";
import { doctorCommand } from "./doctor-command.ts";
import { explainCommand } from "./explain-command.ts";
import { fetchCommand } from "./fetch-command.ts";
import { findCommand } from "./find-command.ts";
import { followCommand } from "./follow-command.ts";
import { checkedOptions, type GivenOptions, type TextOption } from "./options.ts";
import { pageCommand } from "./page-command.ts";
import { pauseCommand, resumeCommand } from "./pause-command.ts";
import { queryCommand } from "./query-command.ts";
import { reportCommand } from "./report-command.ts";
import { codeOf, reportError } from "./report-error.ts";
import { restoreCommand } from "./restore-command.ts";
import { revokeCommand } from "./revoke-command.ts";
import { runCommand } from "./run-command.ts";
import type { Shell } from "./shell.ts";
import { statusCommand } from "./status-command.ts";
import { stopCommand } from "./stop-command.ts";
import type { TargetOptions } from "./target.ts";
import { verifyCommand } from "./verify-command.ts";

const description = `Looks after a Nightshift archive, and starts and stops its runs. Status, explain, verify, report, find, fetch and page change nothing.
Exit status of every command: 0 whole, 1 something is wrong, 2 it could not be found out.`;

/**
 * Runs the command line and returns its exit status. An error is one line, what to do about it another; its exit status is 2.
 */
export async function runNightshift(args: readonly string[], shell: Shell): Promise<ExitStatus> {
  let status: ExitStatus = exitStatus.whole;
  let target: TargetOptions = {};
  const program = createProgram(shell, {
    begin: (options) => {
      target = options;
    },
    end: (ended) => {
      status = ended;
    },
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    // Without a command commander shows its help, too.
    if (codeOf(error) === "commander.helpDisplayed") return exitStatus.whole;
    if (codeOf(error) === "commander.help") return exitStatus.notFoundOut;
    reportError(error, target, shell);
    return exitStatus.notFoundOut;
  }
}

interface CommandEvents {
  /** Called with valid options, before the command works. */
  readonly begin: (options: TargetOptions) => void;
  readonly end: (status: ExitStatus) => void;
}

function createProgram(shell: Shell, { begin, end }: CommandEvents): Program {
  const program = new Program("nightshift").description(description).helpOption("--help", "shows this");
  program.helpCommand(false).exitOverride();
  program.configureOutput({ writeOut: shell.write, writeErr: shell.write, outputError: () => {} });
  const add = <Text extends string, Flag extends string, List extends string>(command: Command<Text, Flag, List>) => {
    addCommand(program, command, async (given) => {
      const options = checkedOptions(command, given);
      begin(options);
      const run = await command.load();
      end(await run(options, shell));
    });
  };
  add(statusCommand);
  add(runCommand);
  add(backfillCommand);
  add(followCommand);
  add(stopCommand);
  add(pauseCommand);
  add(resumeCommand);
  add(credentialPutCommand);
  add(explainCommand);
  add(revokeCommand);
  add(doctorCommand);
  add(verifyCommand);
  add(reportCommand);
  add(restoreCommand);
  add(findCommand);
  add(fetchCommand);
  add(queryCommand);
  add(pageCommand);
  return program;
}

function addCommand<Text extends string, Flag extends string, List extends string>(
  program: Program,
  { name, summary, statuses, examples, texts, lists, positional, flags }: Command<Text, Flag, List>,
  run: (given: GivenOptions) => Promise<void>,
): void {
  const words = name.split(" ");
  const command = words
    .slice(0, -1)
    .reduce(groupIn, program)
    .command(words.at(-1) ?? name);
  command.summary(summary).description(`${summary}\nExit status: ${statuses}`);
  const collect = (value: string, earlier: readonly string[] = []) => [...earlier, value];
  for (const [option, { value, help }] of Object.entries<TextOption>({ ...texts, ...lists }))
    if (option === positional) command.argument(lists && option in lists ? `[${value}...]` : `[${value}]`, help);
    else command.option(`--${option} <${value}>`, help, collect);
  for (const [option, help] of Object.entries<string>(flags)) command.option(`--${option}`, help);
  command.helpOption("--help", "shows this");
  command.addHelpText("after", `\nExamples:\n${examples.map((each) => `  nightshift ${name} ${each}\n`).join("")}`);
  command.action(() => run({ ...withOwnNames(command), ...positionalOf(command, positional) }));
}

/** What the commands of a group are for. */
const groupSummaries: Readonly<Record<string, string>> = { credential: "Stores the credential." };

/** The command that holds a group of commands. */
function groupIn(program: Program, group: string): Program {
  return (
    program.commands.find((each) => each.name() === group) ??
    program
      .command(group)
      .summary(groupSummaries[group] ?? "")
      .helpCommand(false)
  );
}

function positionalOf({ args }: Program, positional: string | undefined): GivenOptions {
  return positional === undefined || args.length === 0 ? {} : { [positional]: args };
}

/** The options by their names on the command line: commander writes them in camel case. */
function withOwnNames(command: Program): GivenOptions {
  return Object.fromEntries(
    command.options.flatMap((option) => {
      const value = command.getOptionValue(option.attributeName());
      return value === undefined ? [] : [[option.name(), value]];
    }),
  );
}
