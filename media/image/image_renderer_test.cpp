#include "media/image/image_renderer.hpp"

#include <gtest/gtest.h>
