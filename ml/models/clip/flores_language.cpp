#include "ml/models/clip/flores_language.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace immich::ml {
namespace {

/// ISO 639 codes of interfaces and the languages of FLORES-200 (names as in the NLLB paper, appendix on languages).
constexpr std::array kLanguages = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"af", "afr_Latn"},      {"am", "amh_Ethi"},    {"ar", "arb_Arab"},    {"az", "azj_Latn"},
    {"be", "bel_Cyrl"},      {"bg", "bul_Cyrl"},    {"bn", "ben_Beng"},    {"bs", "bos_Latn"},
    {"ca", "cat_Latn"},      {"cs", "ces_Latn"},    {"cy", "cym_Latn"},    {"da", "dan_Latn"},
    {"de", "deu_Latn"},      {"el", "ell_Grek"},    {"en", "eng_Latn"},    {"eo", "epo_Latn"},
    {"es", "spa_Latn"},      {"et", "est_Latn"},    {"eu", "eus_Latn"},    {"fa", "pes_Arab"},
    {"fi", "fin_Latn"},      {"fil", "tgl_Latn"},   {"fo", "fao_Latn"},    {"fr", "fra_Latn"},
    {"ga", "gle_Latn"},      {"gl", "glg_Latn"},    {"gsw", "deu_Latn"},   {"gu", "guj_Gujr"},
    {"he", "heb_Hebr"},      {"hi", "hin_Deva"},    {"hr", "hrv_Latn"},    {"hu", "hun_Latn"},
    {"hy", "hye_Armn"},      {"id", "ind_Latn"},    {"is", "isl_Latn"},    {"it", "ita_Latn"},
    {"ja", "jpn_Jpan"},      {"ka", "kat_Geor"},    {"kk", "kaz_Cyrl"},    {"km", "khm_Khmr"},
    {"kmr", "kmr_Latn"},     {"kn", "kan_Knda"},    {"ko", "kor_Hang"},    {"ku", "kmr_Latn"},
    {"ky", "kir_Cyrl"},      {"lb", "ltz_Latn"},    {"lo", "lao_Laoo"},    {"lt", "lit_Latn"},
    {"lv", "lvs_Latn"},      {"mk", "mkd_Cyrl"},    {"ml", "mal_Mlym"},    {"mn", "khk_Cyrl"},
    {"mr", "mar_Deva"},      {"ms", "zsm_Latn"},    {"mt", "mlt_Latn"},    {"my", "mya_Mymr"},
    {"nb", "nob_Latn"},      {"ne", "npi_Deva"},    {"nl", "nld_Latn"},    {"nn", "nno_Latn"},
    {"no", "nob_Latn"},      {"oc", "oci_Latn"},    {"pa", "pan_Guru"},    {"pl", "pol_Latn"},
    {"pt", "por_Latn"},      {"ro", "ron_Latn"},    {"ru", "rus_Cyrl"},    {"si", "sin_Sinh"},
    {"sk", "slk_Latn"},      {"sl", "slv_Latn"},    {"sq", "als_Latn"},    {"sr", "srp_Cyrl"},
    {"sr-latn", "srp_Cyrl"}, {"sv", "swe_Latn"},    {"sw", "swh_Latn"},    {"ta", "tam_Taml"},
    {"te", "tel_Telu"},      {"tg", "tgk_Cyrl"},    {"th", "tha_Thai"},    {"tl", "tgl_Latn"},
    {"tr", "tur_Latn"},      {"uk", "ukr_Cyrl"},    {"ur", "urd_Arab"},    {"uz", "uzn_Latn"},
    {"vi", "vie_Latn"},      {"yue", "yue_Hant"},   {"zh", "zho_Hans"},    {"zh-hans", "zho_Hans"},
    {"zh-hant", "zho_Hant"}, {"zh-hk", "yue_Hant"}, {"zh-tw", "zho_Hant"}, {"zh-cn", "zho_Hans"},
    {"zu", "zul_Latn"},
});

std::string_view Find(std::string_view code) {
  const auto found =
      std::find_if(kLanguages.begin(), kLanguages.end(), [&](const auto& row) { return row.first == code; });
  return found == kLanguages.end() ? std::string_view() : found->second;
}

}  // namespace

std::string_view FloresLanguage(std::string_view language) {
  std::string code(language);
  for (char& c : code) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (const auto whole = Find(code); !whole.empty()) return whole;
  const auto bare = Find(std::string_view(code).substr(0, code.find('-')));
  return bare.empty() ? "eng_Latn" : bare;
}

}  // namespace immich::ml
