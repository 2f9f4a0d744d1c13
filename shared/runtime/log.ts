import { Logger } from "@aws-lambda-powertools/logger";

/** Facts of a log line: counts, codes, keys and days. Never a token, a phone number or a person's name. */
export type LogFacts = object;

/** Log of one run. A message is constant, and values are in `facts`. */
export interface Log {
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly error: (message: string, facts?: LogFacts) => void;
}

/** Writes JSON lines to standard output, each with job and run. */
export function createLog(job: string, run: string): Log {
  const logger = new Logger({ serviceName: job });
  logger.appendKeys({ run });
  return {
    info: (message, facts = {}) => logger.info(message, { facts }),
    warn: (message, facts = {}) => logger.warn(message, { facts }),
    error: (message, facts = {}) => logger.error(message, { facts }),
  };
}
