from django import forms


class VisitUploadForm(forms.Form):
    file = forms.FileField(
        label="随访表", help_text="第一行是列名的 .xlsx 或 .csv，最多 10 MB、5000 行。上传后先检查，不会马上写入。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的。"},
    )  # fmt: skip
