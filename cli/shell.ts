/** What a command uses of its process; a test gives it another. */
export interface Shell {
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** Writes to standard error. */
  readonly writeError: (text: string) => void;
  /** True if a person sees both. */
  readonly isTerminal: boolean;
  /** Width of the terminal; undefined where no person sees it, or if it is not known. */
  readonly columns?: number | undefined;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** Waits, until Ctrl-C at the longest. */
  readonly pause: (ms: number) => Promise<void>;
  /** While `work` lasts, the first Ctrl-C only aborts `interrupted`; the second ends the process. */
  readonly deferInterrupt: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Prints one line, with control characters escaped. */
export function print({ write }: Shell, line: string): void {
  write(`${printable(line)}\n`);
}

/** Escapes control characters and line ends, so that a key or record cannot command a terminal. JSON keeps its meaning. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
