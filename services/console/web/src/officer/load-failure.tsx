import { describeError } from "../api/api-error.ts";
import { useLanguage, useText } from "../language/language-context.tsx";
import { officerPhrases } from "./phrases.ts";

/** A part of a form that could not be loaded, with the way to try again. */
export function LoadFailure({ error, retry }: { error: unknown; retry: () => void }) {
  const text = useText(officerPhrases);
  const { language } = useLanguage();
  return (
    <p className="form-error" role="alert">
      {describeError(error, language)}{" "}
      <button type="button" className="text-button" onClick={retry}>
        {text("retry")}
      </button>
    </p>
  );
}
