import * as z from "zod/mini";
import { Env } from "../contract.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { JobError } from "../errors.ts";

/**
 * Parses the environment variables.
 * @throws CONFIG_INVALID when any is missing or invalid; the message names them all
 */
export function parseConfig<T>(schema: z.ZodMiniType<T>, environment: Readonly<Record<string, string | undefined>>): T {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new JobError("CONFIG_INVALID", `Environment variables are invalid: ${fieldErrorText(parsed.error.issues)}`, {
    hint: "Deploy the stack again. Deployment checks the settings before it changes anything.",
  });
}

const Json = z.transform((text: string, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.issues.push({ code: "custom", message: "expected JSON", input: text });
    return z.NEVER;
  }
});
const Targets = z.object({ [Env.targets]: z.pipe(z.pipe(z.string(), Json), z.record(z.string(), z.string())) });

/** Returns the qualified ARN of the alias to invoke, by job name. @throws CONFIG_INVALID */
export function parseTargets(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return parseConfig(Targets, environment)[Env.targets];
}
