import type { LanguageWords } from "./language-words.ts";

export const portuguese: LanguageWords = {
  nouns: "código|códigos|codigo|senha|palavra-passe|palavra passe|chave|pin",
  purposes: `
    verificação|verificacao|acesso|iniciar|segurança|uso único|temporário|dinâmic*|ativação|
    redefinição|redefinir|registo|entrada|entrar|validação`,
  handling: "insira|introduza|digite|utilize|abaixo",
  entering: "insira|introduza|digite|utilize",
  warnings: "não partilhe|não compartilhe|nunca compartilhe|não forneça|nunca partilhe",
  otherCodes: "código de desconto|código do produto|cupom",
  discounts: "desconto",
  otherNumbers: `
    encomenda*|fatura*|conta|cartão|cartao|envio|valor|telefone|ligue|nipc|cnpj|cpf|referência|apólice|
    boleto|protocolo|voo|rastreio`,
  linking: "e",
  units: "dias|dia|pontos",
  money: "r$",
  months: "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro",
  footers: "rua|cancelar inscrição",
  machineTalk: "instruções anteriores",
  signInLinks: "clique",
  awayLinks: "cancelar inscrição|ajuda",
};
