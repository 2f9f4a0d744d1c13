import * as z from "zod/mini";
import { lenient } from "../../core/optional.ts";

/** A code as RingCentral and OAuth spell it: `CMN-102`, `OAU-213`, `ReadCallLog`, `invalid_grant`. */
export const Code = z.string().check(z.regex(/^[A-Za-z][-A-Za-z0-9_]{0,40}$/));

/** A code from a response, for errors and logs. Any other text is dropped, because it may contain anything. */
export const WireCode = lenient(Code);
