import { createHmac } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { z } from "zod";
