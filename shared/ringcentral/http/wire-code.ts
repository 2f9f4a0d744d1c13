import * as z from "zod/mini";
import { lenient } from "../../core/optional.ts";

/** A code as RingCentral and OAuth spell them: `CMN-102`, `OAU-213`, `ReadCallLog`, `invalid_grant`. */
export const Code = z.string().check(z.regex(/^[A-Za-z][-A-Za-z0-9_]{0,40}$/));

/** A code from the wire, which goes into errors and logs; what is not spelt like one may hold anything and is left out. */
export const WireCode = lenient(Code);
