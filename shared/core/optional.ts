import * as z from "zod/mini";

/** Returns a schema for an optional member; null and absent both parse to undefined. */
export function optional<T extends z.ZodMiniType>(schema: T) {
  return z.pipe(
    z.nullish(schema),
    z.transform((value: z.output<T> | null | undefined) => value ?? undefined),
  );
}

/** Returns a schema for a member that parses to undefined if it does not match `schema`. */
export function lenient<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}
