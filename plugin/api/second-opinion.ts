import { z } from "zod";
import { aiModel } from "../nodes/ai-model.ts";

/** The model that is asked about messages in which no code was found, or more than one; null asks nobody. */
export const secondOpinionBody = z.strictObject({ model: aiModel.config.nullable() });
export const secondOpinion = z.object({ model: z.record(z.string(), z.unknown()).nullable() });
