import { TriangleAlert } from "lucide-react";
import type { EnrolmentEntry } from "../../../../plugin/enrolment/enrolment-entry.ts";

/** What was read, without the secret in it. */
export const ReadPreview = ({ entry }: { entry: EnrolmentEntry }) => (
  <section className="enrol__preview" aria-label="What was read" role="status">
    <dl className="facts">
      {[
        ["Service", entry.issuer ?? "Not said"],
        ["Account", entry.account ?? "Not said"],
        ["Algorithm", entry.algorithm],
        ["Digits", String(entry.digits)],
        entry.type === "totp" ? ["Period", `${entry.period} s`] : ["Counter", `from ${entry.counter}`],
      ].map(([name, value]) => (
        <div key={name} className="facts__row">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
    {entry.warnings.map(({ code, message }) => (
      <p key={code} className="enrol__warning">
        <TriangleAlert size={14} aria-hidden /> {message}
      </p>
    ))}
  </section>
);
