import type { LanguageWords } from "./language-words.ts";

export const indonesian: LanguageWords = {
  nouns: "kode|kodenya|kata sandi|sandi|kata kunci|kode anda|kodemu|pin",
  purposes: `
    verifikasi|konfirmasi|masuk|login|keamanan|sekali pakai|aktivasi|otentikasi|autentikasi|akses|
    pendaftaran|atur ulang|reset|pemulihan|rahasia|sekali`,
  handling: "berlaku|masukkan|gunakan|di bawah",
  entering: "masukkan|gunakan|pakai",
  warnings: "jangan berikan|jangan bagikan|jangan sebarkan|jangan beri*",
  otherCodes: "kode promo|kode voucher|kode pos|kode booking|kode diskon",
  discounts: "diskon",
  otherNumbers: `
    pesanan|nomor pesanan|order|faktur|tagihan|rekening|rek|kartu|saldo|jumlah|nominal|resi|telepon|
    telp|hubungi|no. rek`,
  numbering: "nomor",
  linking: "adalah",
  units: "menit|detik|jam|hari",
  money: "rp|rp.|rupiah",
  months: "januari|februari|maret|agustus|oktober|desember",
  footers: "berhenti berlangganan|jl.|jalan",
  signInLinks: "klik",
  awayLinks: "bantuan",
};
