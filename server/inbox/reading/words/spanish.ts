import type { LanguageWords } from "./language-words.ts";

export const spanish: LanguageWords = {
  nouns: "código|códigos|codigo|clave|contraseña|contrasena|pin|cód|cod.",
  purposes: `
    verificación|verificacion|verificar|verifique|confirmación|autenticación|autoriza*|acceso|accede*|
    acceder|ingreso|ingresar|iniciar ses*|inicio de ses*|inicie ses*|conectar*|conexión|seguridad|
    único|única|un solo uso|de un solo|temporal|dinámic*|activación|activar|restablec*|recupera*|
    reseteo|restauración|registro|validación|validar`,
  handling: `
    válid*|expira|ingrese|ingresa|introduzca|introduce|use|utilice|caduca|vence|a continuación|
    continuación`,
  entering: "ingrese|ingresa|introduzca|introduce|use|utilice|usa|utiliza|escribe",
  warnings: "no comparta*|no compartas|no lo comparta*|nunca comparta*|no facilite|nunca le ped*",
  otherCodes: `
    código promocional|código de descuento|código postal|código de reserva|codigo postal|
    código de barras|código cliente|código de cliente|código de producto|código qr|cupón`,
  discounts: "descuento",
  otherNumbers: `
    pedido*|factura*|cliente*|cuenta*|cuenta|tarjeta*|envío|importe|monto|total|saldo|tel|tel.|
    teléfono|llame|llama|llamar|móvil|nif|cif|dni|reserva*|referencia|expediente|póliza|terminada en|
    terminación|terminado en|final|finalizada|vuelo|localizador|seguimiento|guía`,
  numbering: "nº|número",
  linking: "es",
  units: "segundos|minutos|horas|hora|día|días|puntos",
  money: "pesos|peso",
  months: "enero|febrero|abril|mayo|junio|julio|septiembre|setiembre|octubre|noviembre|diciembre",
  footers: "s.a.|calle|darse de baja|cancelar suscripción",
  machineTalk: "ignora las instrucciones|ignore las instrucciones|instrucciones anteriores",
  signInLinks: "haga clic|haz clic",
  awayLinks: "darse de baja|ayuda|privacidad",
};
