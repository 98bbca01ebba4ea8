import "./zod-without-eval.ts";
import "./xyflow.ts";
import "../styles.css";
import "./styles/base.css";
import "./styles/react-flow.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.tsx";
import { ApiError } from "./api/request.ts";
import { reloadOnArrival, takeArrival } from "./sign-in/sign-in-link.ts";
import { applyTheme } from "./theme.ts";

applyTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      // A server that is starting gets a second try; a refusal does not.
      retry: (count, error) => count < 2 && error instanceof ApiError && error.isPassing,
    },
  },
});

const root = document.getElementById("studio");
if (root) {
  reloadOnArrival();
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App arrival={takeArrival()} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
