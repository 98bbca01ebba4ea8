import { modelKey, modelKeyList } from "../../../plugin/api/keys.ts";
import { request } from "./request.ts";

export const listModelKeys = () => request("/api/v1/model-keys", { answer: modelKeyList });
export interface NewModelKey {
  readonly name: string;
  readonly provider: string;
  readonly key: string;
  readonly base_url?: string;
}
export const createModelKey = (body: NewModelKey) =>
  request("/api/v1/model-keys", { method: "POST", body, answer: modelKey });
