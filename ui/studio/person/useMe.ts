import { useQuery } from "@tanstack/react-query";
import { readMe } from "../api/people-endpoints.ts";

/** The person who is signed in, with their ways to prove it. */
export const useMe = () => useQuery({ queryKey: ["me"], queryFn: readMe });
