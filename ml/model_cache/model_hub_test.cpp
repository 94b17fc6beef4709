#include "ml/model_cache/model_hub.hpp"

#include <gtest/gtest.h>

#include "ml/models/model_error.hpp"
#include "platform/error/error.hpp"

namespace immich::ml {
namespace {

std::vector<std::string> Paths(const std::vector<RemoteFile>& files) {
  std::vector<std::string> paths;
  for (const RemoteFile& file : files) paths.push_back(file.path);
  return paths;
}

TEST(ModelLocation, CleansNamesAsExistingCachesHaveThem) {
  EXPECT_EQ(CleanModelName("ViT-B-32__openai"), "ViT-B-32__openai");
  EXPECT_EQ(CleanModelName("immich-app/buffalo_l"), "buffalo_l");
  EXPECT_EQ(CleanModelName("M-CLIP/XLM-Roberta-Large-Vit-L-14"), "XLM-Roberta-Large-Vit-L-14");
  EXPECT_EQ(CleanModelName("ViT-B-32::openai"), "ViT-B-32__openai");
  EXPECT_EQ(CleanModelName("a\\b.c"), "a_bc");
}

TEST(ModelLocation, NamesCannotLeaveTheCache) {
  const std::filesystem::path cache = "/cache";
  EXPECT_EQ(LocateModel(cache, "clip", "visual", "x").onnx_file(), "/cache/clip/x/visual/model.onnx");
  for (const std::string& name : {std::string(""), std::string(".."), std::string("/"), std::string("../../.."),
                                  std::string("a\0b", 3), std::string("a\nb"), std::string(300, 'a')}) {
    EXPECT_THROW(LocateModel(cache, "clip", "visual", name), BadRequest) << name;
  }
  EXPECT_EQ(LocateModel(cache, "clip", "visual", "../../etc").root, "/cache/clip/etc");
}

constexpr std::string_view kListing = R"([
  {"type":"directory","path":"visual","oid":"0","size":0},
  {"type":"file","path":"visual/model.onnx","oid":"aa","size":10,"lfs":{"oid":"bb","size":350000000}},
  {"type":"file","path":"visual/preprocess_cfg.json","oid":"cc","size":20},
  {"type":"file","path":"visual/model.armnn","oid":"dd","size":30},
  {"type":"file","path":"visual/rknpu/rk3588/model.rknn","oid":"dd","size":30},
  {"type":"file","path":"visual/../../../etc/passwd","oid":"dd","size":30},
  {"type":"file","path":"textual/model.onnx","oid":"ee","size":40},
  {"type":"file","path":"config.json","oid":"ff","size":50},
  {"type":"file","path":"README.md","oid":"00","size":60}])";

TEST(ModelHub, TakesTheFilesOfATypeAndTheGraphLast) {
  const auto location = LocateModel("/cache", "clip", "visual", "ViT");
  const auto files = SelectHuggingFaceFiles(kListing, "http://hub/x/resolve/main/", location);
  EXPECT_EQ(Paths(files), (std::vector<std::string>{"visual/preprocess_cfg.json", "config.json", "visual/model.onnx"}));
  EXPECT_EQ(files[0].git_sha1, "cc");
  EXPECT_EQ(files[2].url, "http://hub/x/resolve/main/visual/model.onnx");
  EXPECT_EQ(files[2].sha256, "bb");
  EXPECT_EQ(files[2].size_bytes, 350000000u);
}

TEST(ModelHub, ExportersLayoutServesObjectDetection) {
  const auto location = LocateModel("/cache", "object-detection", "detection", "someone/detector");
  const auto files = SelectHuggingFaceFiles(
      R"([{"type":"file","path":"onnx/model.onnx","oid":"a","size":1},{"type":"file","path":"onnx/model_fp16.onnx","oid":"a","size":1},
          {"type":"file","path":"config.json","oid":"b","size":1}])",
      "u/", location);
  EXPECT_EQ(Paths(files), (std::vector<std::string>{"config.json", "detection/model.onnx"}));
}

TEST(ModelHub, ListingsWithoutGraphOrSenseAreRefused) {
  const auto location = LocateModel("/cache", "clip", "visual", "ViT");
  for (const char* listing : {"[]", "{}", "[1,2]", R"([{"type":"file","path":"visual/x.json"}])"}) {
    EXPECT_THROW(SelectHuggingFaceFiles(listing, "u/", location), ModelResourceError) << listing;
  }
}

TEST(ModelHub, OcrModelsShareOneDetector) {
  constexpr std::string_view kFiles = R"({"Data":{"Files":[
    {"Path":"onnx/PP-OCRv5/det/ch_PP-OCRv5_mobile_det.onnx","Size":1,"Sha256":"m","Type":"blob"},
    {"Path":"onnx/PP-OCRv5/det/ch_PP-OCRv5_server_det.onnx","Size":2,"Sha256":"s","Type":"blob"},
    {"Path":"onnx/PP-OCRv4/rec/latin_PP-OCRv3_rec_mobile_infer.onnx","Size":2,"Sha256":"old","Type":"blob"},
    {"Path":"onnx/PP-OCRv5/rec/ch_PP-OCRv5_rec_mobile_infer.onnx","Size":3,"Sha256":"r","Type":"blob"},
    {"Path":"onnx/PP-OCRv5/rec/latin_PP-OCRv5_rec_mobile_infer.onnx","Size":4,"Sha256":"l","Type":"blob"}]}})";
  const auto pick = [&](const char* type, const char* name) {
    const auto files = SelectOcrFiles(kFiles, "u/", LocateModel("/cache", "ocr", type, name));
    return files.back().sha256 + " " + files.back().path;
  };
  EXPECT_EQ(pick("detection", "PP-OCRv5_mobile"), "m detection/model.onnx");
  EXPECT_EQ(pick("detection", "PP-OCRv5_server"), "s detection/model.onnx");
  EXPECT_EQ(pick("detection", "LATIN__PP-OCRv5_mobile"), "m detection/model.onnx");
  EXPECT_EQ(pick("recognition", "PP-OCRv5_mobile"), "r recognition/model.onnx");
  EXPECT_EQ(pick("recognition", "LATIN__PP-OCRv5_mobile"), "l recognition/model.onnx");
  EXPECT_THROW(pick("recognition", "TH__PP-OCRv5_mobile"), ModelResourceError);
}

}  // namespace
}  // namespace immich::ml
