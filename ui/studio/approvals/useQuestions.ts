import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answerQuestion, listQuestions } from "../api/approval-endpoints.ts";

const questions = ["questions"] as const;
/** Asked more often while a question is open. A window in the background does not ask. */
const everyMs = { none: 15_000, some: 5_000 };

/** The open questions that the person may answer or see. */
export const useQuestions = () =>
  useQuery({
    queryKey: questions,
    queryFn: listQuestions,
    refetchInterval: ({ state }) => (state.data?.approvals.length ? everyMs.some : everyMs.none),
    refetchOnWindowFocus: true,
  });

/** Answers a question, and reads the list anew. */
export function useAnswer() {
  const queries = useQueryClient();
  return async (id: string, decision: "approve" | "deny") => {
    try {
      return await answerQuestion(id, decision);
    } finally {
      void queries.invalidateQueries({ queryKey: questions });
    }
  };
}
