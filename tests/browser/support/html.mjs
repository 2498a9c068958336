// Is it HTML? html-validate, over the bytes the server sent: the browser mends what it can before anyone sees it.
import { HtmlValidate, StaticConfigLoader } from "./packages.mjs";

const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ["html-validate:recommended", "html-validate:a11y"],
    rules: {
      // Ways of writing that are the author's choice.
      "void-style": "off",
      "no-trailing-whitespace": "off",
      "attribute-boolean-style": "off",
      "long-title": "off",
      "tel-non-breaking": "off",
      // The patterns of the Design System: role=group on a fieldset is meant, and so is role=alert on a div.
      "no-redundant-role": "off",
      "prefer-native-element": "off",
      // Everything is of our own origin, under a name made of its content.
      "require-sri": "off",
      "form-dup-name": ["error", { allowArrayBrackets: true, shared: ["radio", "checkbox", "button", "reset", "submit"] }],
      "no-inline-style": "error",
    },
  }),
);

// A sentence for each fault.
export async function htmlFaults(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, message, ruleId }) => `HTML ${line}:${column}: ${message} (${ruleId})`),
  );
}
